import { runProgram } from './program.ts';
import { registry } from './registry.ts';
import { simulateCommand } from './replay-command.ts';
import { simulateSettings } from './run-settings.ts';
import type { Given } from './settings.ts';

async function simulate(...flags: string[]) {
  let out = '';
  const code = await runProgram(['simulate', '--quiet', ...flags], {
    signal: new AbortController().signal,
    debug: false,
    cwd: process.cwd(),
    stdout: { write: (text) => (out += text) },
    stderr: { write: () => {} },
  });
  return { code, out };
}

test('plays the same schedules again, to the last bit', async () => {
  const play = async () => {
    const { code, out } = await simulate('--impl=active', '--seeds=3', '--seed=7', '--json');
    expect(code).toBe(0);
    return { ...(JSON.parse(out) as object), wallMs: 0 };
  };
  const first = await play();
  expect(first).toMatchObject({ nemesis: 'chaos', firstSeed: 7, seeds: 3, verdict: 'valid', failures: [] });
  expect(await play()).toEqual(first);
});

test.each([[], ['--nemesis=kill']])(
  'time-outs and processing time decide schedules too %j',
  async (...nemesis) => {
    const play = async (...flags: string[]) => {
      const { code, out } = await simulate('--impl=passive', '--seeds=2', '--json', ...nemesis, ...flags);
      expect(code).toBe(0);
      return (JSON.parse(out) as { operations: { ok: number } }).operations.ok;
    };
    const usual = await play();
    expect(await play('--timing=fast')).not.toBe(usual);
    expect(await play('--service-time=20ms')).toBeLessThan(usual);
  },
);

test('the command that repeats a schedule says all that was given', () => {
  const given = ['impl', 'timing', 'service-time'].map((name, i): [string, Given] => [
    name,
    { texts: [['passive', 'fast', '2.5ms'][i] ?? ''], place: `--${name}`, from: 'flag' },
  ]);
  expect(simulateCommand(new Map(given), simulateSettings(registry), 7)).toBe(
    'npx ftcheck simulate --impl=passive --timing=fast --service-time=2.5ms --seeds=1 --seed=7',
  );
});

test('a seeded bug is caught, with the command that shows it again', async () => {
  const { code, out } = await simulate(
    '--impl=mutants/passive/no-fencing',
    '--nemesis=partition:isolate-primary,hold',
    '--seeds=5',
  );
  expect(code).toBe(1);
  expect(out).toMatch(/^INVALID {2}mutants\/passive\/no-fencing on 3 nodes/);
  expect(out).toContain('linearizable');
  expect(out.trimEnd().split('\n').at(-1)).toMatch(
    /^npx ftcheck simulate --impl=mutants\/passive\/no-fencing --nemesis=partition:isolate-primary,hold --seeds=1 --seed=\d+$/,
  );
});
