import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './program.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ftcheck-'));
  writeFileSync(join(folder, 'h.edn'), '{:process 0, :type :invoke, :f :read, :value nil}');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  [['h.edn'], '--model is missing: one of register'],
  [['-'], '--model is missing: one of register'],
  [['h.edn', '--model=regster'], "--model: there is no model 'regster' (did you mean register?)"],
  [['h.edn', '--model=toString'], "--model: there is no model 'toString'"],
  [['h.edn', '--model=counter', '--initial="x"'], '--initial: a counter begins as a whole number'],
  [['h.edn', '--model=register', '--initial=x'], "--initial: 'x' is no JSON"],
  [
    ['h.edn', '--model=register', '--format=edm'],
    "--format: 'edm' is none of auto, ftcheck, edn, jepsen-log",
  ],
  [['h.edn', '--model=register', '--failed-cas=keep'], "--failed-cas: 'keep' is none of differs, drop"],
  [
    ['h.edn', '--model=register', '--criterion=eventual'],
    "--criterion: 'eventual' is none of linearizable, sequential, causal",
  ],
  [['h.edn', '--model=register', '--time-limit=5'], "--time-limit: '5' is not a duration"],
  [['h.edn', '--model=register', '--memory-limit=5'], "--memory-limit: '5' is not a whole number from 64"],
  [['nowhere.edn', '--model=register'], 'nowhere.edn: there is no such run directory or history file'],
  [['.', '--model=register'], '--model: a run directory has this in plan.json'],
  [['.', '--failed-cas=drop'], '--failed-cas: a run directory has this in plan.json'],
  [['.', '--checker-time=5s'], 'no run directory: there is no plan.json in it'],
])('%j is a usage error', async (argv, why) => {
  const printed = { out: '', err: '' };
  const code = await runProgram(['check', ...argv], {
    signal: new AbortController().signal,
    debug: false,
    cwd: folder,
    stdout: { write: (text) => (printed.out += text) },
    stderr: { write: (text) => (printed.err += text) },
  });
  expect({ code, out: printed.out }).toEqual({ code: 254, out: '' });
  expect(printed.err).toContain(why);
});
