import { exitCodes } from '../core/errors.ts';
import { runProgram } from './program.ts';

type Impls = readonly { readonly name: string; readonly claims: object }[];

/** Runs the program in this process and keeps what it prints. */
async function ftcheck(...argv: string[]) {
  const printed = { out: '', err: '' };
  const code = await runProgram(argv, {
    signal: new AbortController().signal,
    debug: false,
    cwd: process.cwd(),
    stdout: { write: (text) => (printed.out += text) },
    stderr: { write: (text) => (printed.err += text) },
  });
  return { code, ...printed };
}

test.each([
  [['rnu'], "there is no command 'rnu' (did you mean run?)"],
  [[], 'a command is missing: one of run'],
  [['--fast'], "unknown option '--fast'"],
  [['run', '--imp=active'], "unknown option '--imp=active'"],
  [['run', '--impl'], "option '--impl <name>' argument missing"],
  [['run', '--impl=active', 'extra'], 'too many arguments'],
  [['run', '--impl=raft'], "--impl: there is no impl 'raft'"],
  [['run', '--plan=nowhere.json'], '--plan nowhere.json: cannot read it'],
  [['run', '--plan=x.json', '--seed=1'], '--seed: the plan of --plan already decides this'],
  [['run', '--impl=active', '--config=nowhere.yaml'], '--config: there is no file nowhere.yaml'],
  [['list', 'impl'], 'did you mean impls?'],
  [['clean', '--keep=some'], "--keep: 'some' is not a whole number"],
])('%j is a usage error, in one line', async (argv, why) => {
  const { code, err, out } = await ftcheck(...argv);
  expect(code).toBe(exitCodes.usage);
  expect(out).toBe('');
  expect(err).toContain(why);
  expect(err).not.toMatch(/\n\s+at /);
});

test('help and version end well', async () => {
  expect(await ftcheck('--version')).toMatchObject({ code: 0, out: '0.1.0\n' });
  const help = await ftcheck('run', '--help');
  expect(help.code).toBe(0);
  expect(help.out).toContain('--nemesis <spec>');
  expect(help.out).toContain('--acks <majority|all>');
  expect(help.out).toContain('--timing <default|fast>');
  expect(help.out).toContain('--service-time <time>');
  expect((await ftcheck('help', 'clean')).out).toContain('--dry-run');
});

test('list --json holds all that can be chosen', async () => {
  const { code, out } = await ftcheck('list', '--json');
  expect(code).toBe(0);
  const listed = JSON.parse(out) as Record<string, { name: string }[]>;
  const names = (what: string) => listed[what]?.map(({ name }) => name);
  expect(names('impls')).toEqual(expect.arrayContaining(['simple', 'passive', 'active']));
  expect(names('workloads')).toEqual(
    expect.arrayContaining(['register', 'kv', 'queue', 'rpc', 'lock', 'null-rpc']),
  );
  expect(names('nemeses')).toEqual(
    expect.arrayContaining(['partition', 'kill', 'crash', 'pause', 'slow', 'none']),
  );
});

test('list impls --json gives the bound of an outage under each profile of time-outs', async () => {
  const listed = JSON.parse((await ftcheck('list', 'impls', '--json')).out) as Impls;
  const active = listed.find(({ name }) => name === 'active');
  expect(active?.claims).toMatchObject({ outageMsMax: 2000, outageMsMaxFast: 700 });
});

test('list mutants --json gives the command under which each is caught', async () => {
  const { out } = await ftcheck('list', 'mutants', '--json');
  const listed = JSON.parse(out) as { name: string; command: string; property: string }[];
  expect(listed.length).toBeGreaterThanOrEqual(6);
  for (const { name, command, property } of listed) {
    expect(command).toContain(`npx ftcheck run --impl=${name} --`);
    expect(property).toMatch(/^[a-z-]+$/);
  }
});
