import { runProgram } from './program.ts';

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
