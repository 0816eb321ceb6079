import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runProgram } from './program.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ftcheck-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function convert(...argv: string[]) {
  const printed = { out: '', err: '' };
  const code = await runProgram(['convert', ...argv], {
    signal: new AbortController().signal,
    debug: false,
    cwd: folder,
    stdout: { write: (text) => (printed.out += text) },
    stderr: { write: (text) => (printed.err += text) },
  });
  return { code, ...printed };
}

const edn = `{:process 0, :type :invoke, :f :write, :value 1, :time 0, :index 0}
{:process 0, :type :ok, :f :write, :value 1, :time 1, :index 1}
{:process 1, :type :invoke, :f :read, :value nil, :time 2, :index 2}
{:process 1, :type :ok, :f :read, :value 1, :time 3, :index 3}
`;
const lines = `{"index":0,"time":0,"process":0,"type":"invoke","f":"write","key":null,"value":1}
{"index":1,"time":1,"process":0,"type":"ok","f":"write","key":null,"value":null}
{"index":2,"time":2,"process":1,"type":"invoke","f":"read","key":null,"value":null}
{"index":3,"time":3,"process":1,"type":"ok","f":"read","key":null,"value":1}
`;
const put = (name: string, text: string | Uint8Array): void => writeFileSync(join(folder, name), text);
const got = (name: string): string => readFileSync(join(folder, name), 'utf8');

test('there and back', async () => {
  put('h.edn', edn);
  put('h.gz', gzipSync(lines));
  expect(await convert('h.edn', '--to=ftcheck')).toEqual({ code: 0, out: lines, err: '' });
  expect(await convert('h.gz', '--to=edn', '--out=out.edn')).toEqual({ code: 0, out: '', err: '' });
  expect(got('out.edn')).toBe(edn);
  expect((await convert('h.edn', '--to=elle')).out).toContain(':f :txn, :value [[:w 0 1]]');
});

test('nil is what the model makes of it', async () => {
  put('h.edn', edn.replace(':read, :value 1', ':read, :value nil'));
  const last = async (...flags: string[]) =>
    (await convert('h.edn', '--to=ftcheck', ...flags)).out.split('\n').at(-2);
  expect(await last()).toContain('"type":"ok"');
  expect(await last('--initial=0')).toContain('"type":"fail"');
  expect(await last('--model=register')).toContain('"type":"ok"');
  expect(await last('--model=register', '--initial=0')).toContain('"type":"fail"');
  expect(await last('--model=set')).toContain('"type":"fail"');
});

test.each([
  [['h.edn'], '--to is missing: one of edn, elle, ftcheck'],
  [['h.edn', '--to=json'], "--to: 'json' is none of edn, elle, ftcheck"],
  [['h.edn', '--to=edn', '--from=xml'], "--from: 'xml' is none of auto, ftcheck, edn, jepsen-log"],
  [['h.edn', '--to=edn', '--model=regster'], '--model: there is no model'],
  [['h.edn', '--to=edn', '--initial=x'], "--initial: 'x' is no JSON; a text has quotation marks of its own"],
  [['nowhere.edn', '--to=edn'], 'nowhere.edn: there is no such file'],
  [['h.edn', '--to=edn', '--out=h.edn'], '--out h.edn: is what is to be converted'],
  [['h.edn', '--to=edn', '--out=no/where'], '--out no/where: cannot write it: '],
])('%j is a usage error', async (argv, why) => {
  put('h.edn', edn);
  const { code, out, err } = await convert(...argv);
  expect({ code, out }).toEqual({ code: 254, out: '' });
  expect(err).toContain(why);
  expect(got('h.edn')).toBe(edn);
});

test('of what is malformed nothing is left but its place', async () => {
  put('h.edn', `${edn}{:process 0, :type :invoke, :f :read, :value 07}`);
  const { code, err } = await convert('h.edn', '--to=ftcheck', '--out=out');
  expect({ code, err }).toEqual({ code: 254, err: 'ftcheck: h.edn:5:46: 07 is no number of EDN\n' });
  expect([existsSync(join(folder, 'out')), existsSync(join(folder, 'out.new'))]).toEqual([false, false]);
});

test('what was torn is said', async () => {
  put('h.jsonl', lines + lines.slice(0, 20));
  expect(await convert('h.jsonl', '--to=edn')).toEqual({
    code: 0,
    out: edn,
    err: 'ftcheck: h.jsonl:5: the last line is torn and was left out\n',
  });
});
