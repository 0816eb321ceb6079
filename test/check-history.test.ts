/** `ftcheck check FILE` and `ftcheck convert`, as a user runs them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { ftcheck } from './command-line.ts';
import { distPath, makeFolder, start } from './processes.ts';

interface HistoryVerdict {
  readonly verdict: string;
  readonly reason: string;
  readonly model: string;
  readonly criterion: string;
  readonly file: string;
  readonly properties: Readonly<
    Record<
      string,
      { readonly verdict: string; readonly reason: string; readonly details?: { readonly format?: string } }
    >
  >;
}

/** A register that is written 1, then 2, and read as it says, in every format. */
const formats = (read: number): Readonly<Record<string, string>> => ({
  ftcheck: `{"index":0,"time":0,"process":0,"type":"invoke","f":"write","key":null,"value":1}
{"index":1,"time":1,"process":0,"type":"ok","f":"write","key":null,"value":null}
{"index":2,"time":2,"process":0,"type":"invoke","f":"write","key":null,"value":2}
{"index":3,"time":3,"process":0,"type":"ok","f":"write","key":null,"value":null}
{"index":4,"time":4,"process":1,"type":"invoke","f":"read","key":null,"value":null}
{"index":5,"time":5,"process":1,"type":"ok","f":"read","key":null,"value":${read}}
`,
  edn: `[{:process 0, :type :invoke, :f :write, :value 1}
 {:process 0, :type :ok, :f :write, :value 1}
 {:process 0, :type :invoke, :f :write, :value 2}
 {:process 0, :type :ok, :f :write, :value 2}
 {:process 1, :type :invoke, :f :read, :value nil}
 {:process 1, :type :ok, :f :read, :value ${read}}]
`,
  'jepsen-log': `INFO  jepsen.util - 0\t:invoke\t:write\t1
INFO  jepsen.util - 0\t:ok\t:write\t1
INFO  jepsen.util - 0\t:invoke\t:write\t2
INFO  jepsen.util - 0\t:ok\t:write\t2
INFO  jepsen.util - 1\t:invoke\t:read\tnil
INFO  jepsen.util - 1\t:ok\t:read\t${read}
`,
});

async function checked(path: string, ...flags: readonly string[]) {
  const { code, stdout, stderr } = await ftcheck('check', path, '--model=register', '--json', ...flags);
  expect({ stderr, stdout: stdout.slice(0, 1) }).toEqual({ stderr: '', stdout: '{' });
  return { code, verdict: JSON.parse(stdout) as HistoryVerdict };
}

test.each(Object.keys(formats(2)))('a history in the format %s, packed or not', async (format) => {
  using folder = makeFolder();
  const path = join(folder.path, 'history');
  for (const pack of [(text: string) => text, gzipSync]) {
    writeFileSync(path, pack(formats(2)[format]!));
    const right = await checked(path);
    expect(right).toMatchObject({ code: 0, verdict: { verdict: 'valid', model: 'register', file: path } });
    expect(right.verdict.properties['well-formed']?.details?.format).toBe(format);
    writeFileSync(path, pack(formats(1)[format]!));
    const wrong = await checked(path, `--format=${format}`);
    expect(wrong).toMatchObject({ code: 1, verdict: { verdict: 'invalid', criterion: 'linearizable' } });
    expect(wrong.verdict.reason).toMatch(/^linearizable: read -> 1/);
  }
});

test('for a person: the verdict, its reason, and what was asked', async () => {
  using folder = makeFolder();
  const path = join(folder.path, 'history');
  writeFileSync(path, formats(2)['edn']!);
  const { code, stdout } = await ftcheck('check', path, '--model=register');
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^VALID {2}a register could have answered so\n✓ well-formed {2}6 events\n✓ linearizable {2}all 3/,
  );
});

test('standard input', async () => {
  using checking = start([distPath('cli/main.js'), 'check', '-', '--model=register', '--json']);
  checking.child.stdin?.end(formats(1)['jepsen-log']);
  expect(await checking.ended).toBe(1);
  expect(JSON.parse(checking.stdout)).toMatchObject({ verdict: 'invalid', file: 'standard input' });
  using converting = start([distPath('cli/main.js'), 'convert', '-', '--to=ftcheck']);
  converting.child.stdin?.end(formats(1)['jepsen-log']);
  expect(await converting.ended).toBe(0);
  expect(converting.stdout).toBe(formats(1)['ftcheck']);
});

test.each([
  ['', 'well-formed: the history is empty, which proves nothing'],
  ['[]', 'well-formed: the history is empty, which proves nothing'],
  [
    '{:process 0, :type :invoke, :f :read, :value nil}',
    'vacuity: no operation succeeded, which proves nothing',
  ],
  [
    '{:process 0, :type :ok, :f :read, :value nil}',
    "well-formed: the history is not well-formed, which is the recorder's fault: event 0: process 0 completes what it never invoked",
  ],
  [
    '{:process 0, :type :invoke, :f :enqueue, :value 1} {:process 0, :type :ok, :f :enqueue, :value 1}',
    'linearizable: the history has enqueue',
  ],
])('%j proves nothing', async (text, reason) => {
  using folder = makeFolder();
  const path = join(folder.path, 'history');
  writeFileSync(path, text);
  const { code, verdict } = await checked(path);
  expect({ code, verdict: verdict.verdict }).toEqual({ code: 2, verdict: 'unknown' });
  expect(verdict.reason).toContain(reason);
});

test('what is malformed is an error with its place', async () => {
  using folder = makeFolder();
  const path = join(folder.path, 'history');
  writeFileSync(path, `${formats(2)['ftcheck']!}{"index":6,"time":6,"process":1,"type":"ok"}\n`);
  const said = await ftcheck('check', path, '--model=register', '--json');
  expect(said).toEqual({
    code: 254,
    stdout: '',
    stderr: `ftcheck: ${path}:7:1: f: expected the name of an operation, found nothing\n`,
  });
});

test('limits that are met make it unknown', async () => {
  using folder = makeFolder();
  const path = join(folder.path, 'history');
  writeFileSync(path, formats(2)['edn']!);
  const { code, verdict } = await checked(path, '--time-limit=20ms');
  expect(code).toBe(2);
  expect(verdict.properties['linearizable']).toMatchObject({ verdict: 'unknown' });
});

test('what was converted is judged as before', async () => {
  using folder = makeFolder();
  const out = join(folder.path, 'history.edn');
  writeFileSync(join(folder.path, 'h'), formats(1)['ftcheck']!);
  expect(await ftcheck('convert', join(folder.path, 'h'), '--to=edn', `--out=${out}`)).toMatchObject({
    code: 0,
    stdout: '',
  });
  expect(readFileSync(out, 'utf8')).toContain(':f :read, :value 1');
  expect(await checked(out)).toMatchObject({ code: 1 });
});

test('an order that proves a history right is written where it is wanted', async () => {
  using folder = makeFolder();
  const path = join(folder.path, 'history.jsonl');
  const order = join(folder.path, 'order.json');
  writeFileSync(path, formats(2)['ftcheck']!);
  expect(await checked(path, `--linearization=${order}`)).toMatchObject({ code: 0 });
  expect(JSON.parse(readFileSync(order, 'utf8'))).toEqual({
    format: 'ftcheck-linearization-1',
    parts: [{ key: null, order: [0, 2, 4] }],
  });
  const without = await ftcheck(
    'check',
    path,
    '--model=register',
    `--linearization=${folder.path}/none/order.json`,
  );
  expect(without).toMatchObject({ code: 255, stderr: expect.stringContaining('cannot write') });
  const causal = await ftcheck(
    'check',
    path,
    '--model=register',
    '--criterion=causal',
    `--linearization=${order}`,
  );
  expect(causal).toMatchObject({ code: 254, stderr: expect.stringContaining('--linearization') });
});
