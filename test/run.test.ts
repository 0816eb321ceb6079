import { describe, expect, test } from '@jest/globals';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allGone, ftcheck, judged, latest, nodePids, onlyRun } from './command-line.ts';
import { distPath, makeFolder, start, until } from './processes.ts';

describe('real processes, every nemesis', () => {
  const workloads = ['kv', 'register', 'queue', 'rpc'];
  const cases = ['passive', 'active'].flatMap((impl, i) =>
    ['partition', 'kill', 'crash:host', 'pause', 'slow'].map(
      (nemesis, j) => [impl, nemesis, workloads[(i + j) % workloads.length] ?? 'kv'] as const,
    ),
  );

  test.each(cases)(
    '%s under %s with %s is valid, and nothing is left of it',
    async (impl, nemesis, workload) => {
      using folder = makeFolder();
      const { verdict, code } = await judged(
        folder.path,
        `--impl=${impl}`,
        `--nemesis=${nemesis}`,
        `--workload=${workload}`,
        '--seed=11',
      );
      expect(verdict).toMatchObject({ verdict: 'valid', withinClaim: true });
      expect(code).toBe(0);
      expect(verdict.faults.length).toBeGreaterThan(0);
      for (const fault of verdict.faults) expect(fault.evidence.length).toBeGreaterThan(0);
      const pids = nodePids(latest(folder.path));
      expect(pids.length).toBeGreaterThanOrEqual(3);
      await allGone(pids);
    },
  );
});

describe('a run', () => {
  test('without faults says that it proved nothing about them', async () => {
    using folder = makeFolder();
    const { code, stdout } = await ftcheck(
      'run',
      '--impl=simple',
      '--duration=2s',
      '--quiet',
      `--out=${folder.path}`,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/proves nothing about faults/);
  });

  test('judged again gives the same verdict; its plan played again is the same plan', async () => {
    using folder = makeFolder();
    const first = await judged(folder.path, '--impl=passive', '--nemesis=kill', '--duration=3s', '--seed=5');
    const runDir = onlyRun(folder.path);
    const again = await ftcheck('check', runDir, '--json');
    expect(again.code).toBe(first.code);
    const { properties, verdict } = JSON.parse(again.stdout) as typeof first.verdict;
    expect({ properties, verdict }).toEqual({
      properties: first.verdict.properties,
      verdict: first.verdict.verdict,
    });
    const plan = join(folder.path, 'plan-to-play.json');
    cpSync(join(runDir, 'plan.json'), plan);
    using second = makeFolder();
    const replayed = await judged(second.path, `--plan=${plan}`);
    expect(replayed.verdict.seed).toBe(5);
    expect(JSON.parse(readFileSync(join(latest(second.path), 'plan.json'), 'utf8'))).toEqual(
      JSON.parse(readFileSync(plan, 'utf8')),
    );
  });

  test('that loses its majority for good stops, tells no lie, and owes nothing', async () => {
    using folder = makeFolder();
    const { verdict } = await judged(
      folder.path,
      '--impl=active',
      '--nemesis=kill:majority,never',
      '--seed=2',
    );
    expect(verdict).toMatchObject({ verdict: 'unknown', withinClaim: false });
    expect(verdict.properties['linearizable']?.verdict).toBe('valid');
    expect(verdict.properties['liveness']?.verdict).toBe('not-owed');
  });

  test('in which a fault finds nobody to strike is unknown', async () => {
    using folder = makeFolder();
    const { verdict, code } = await judged(
      folder.path,
      '--impl=simple',
      '--nemesis=partition',
      '--duration=3s',
      '--seed=1',
    );
    expect(verdict.verdict).toBe('unknown');
    expect(code).toBe(2);
  });

  test('of a single process that dies and forgets is invalid: nothing of its kind survives that', async () => {
    using folder = makeFolder();
    const { verdict, code } = await judged(
      folder.path,
      '--impl=simple',
      '--nemesis=kill',
      '--duration=3s',
      '--seed=1',
    );
    expect(verdict.properties['linearizable']?.verdict).toBe('invalid');
    expect(code).toBe(1);
  });
});

describe('ended early', () => {
  test.each(['pause', 'partition'])(
    'kill -9 during %s: nobody lives on, and what was recorded is judged',
    async (nemesis) => {
      using folder = makeFolder();
      using run = start([
        distPath('cli/main.js'),
        'run',
        '--impl=passive',
        `--nemesis=${nemesis}`,
        '--quiet',
        '--seed=3',
        '--duration=20s',
        `--out=${folder.path}`,
      ]);
      const trace = (): string => {
        const path = join(latest(folder.path), 'trace.jsonl');
        return existsSync(path) ? readFileSync(path, 'utf8') : '';
      };
      await until(() => trace().includes('"fault-effect"'), 20_000);
      run.child.kill('SIGKILL');
      await allGone(nodePids(latest(folder.path)));
      const { code, stdout } = await ftcheck('check', latest(folder.path), '--json');
      const { verdict, properties } = JSON.parse(stdout) as Awaited<ReturnType<typeof judged>>['verdict'];
      expect(properties['linearizable']?.verdict).toBe('valid');
      expect({ verdict, code }).toEqual({ verdict: 'unknown', code: 2 });
    },
  );

  test('SIGINT heals, stops, judges what there is and exits with 130', async () => {
    using folder = makeFolder();
    using run = start([
      distPath('cli/main.js'),
      'run',
      '--impl=active',
      '--nemesis=kill',
      '--seed=3',
      `--out=${folder.path}`,
    ]);
    await until(() => run.stderr.includes('fault in force'), 20_000);
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(130);
    expect(existsSync(join(latest(folder.path), 'verdict.json'))).toBe(true);
    await allGone(nodePids(latest(folder.path)));
  });
});

describe('trouble that is not the system’s', () => {
  const refusals: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['an unknown impl', ['--impl=pasive'], /pasive.*passive/s],
    ['an unknown nemesis', ['--impl=passive', '--nemesis=partitoin'], /partitoin.*partition/s],
    ['an unknown variant', ['--impl=passive', '--nemesis=kill:everybody'], /everybody.*majority/s],
    ['an unknown option', ['--impl=passive', '--frobnicate=1'], /frobnicate/],
    ['too many nodes', ['--impl=passive', '--nodes=10'], /nodes.*9/s],
    ['a baseline of several nodes', ['--impl=simple', '--nodes=3'], /simple.*1/s],
    ['a bound that is none', ['--impl=passive', '--slo=p99'], /slo/],
  ];
  test.each(refusals)('%s is a usage error that says what would be right', async (_what, args, expected) => {
    using folder = makeFolder();
    const { code, stderr } = await ftcheck('run', ...args, `--out=${folder.path}`);
    expect(code).toBe(254);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('a mistake in ftcheck.yaml is told with file, line and column', async () => {
    using folder = makeFolder();
    const file = join(folder.path, 'f.yaml');
    writeFileSync(file, 'impl: passive\nnodes: many\n');
    const { code, stderr } = await ftcheck('run', `--config=${file}`);
    expect(code).toBe(254);
    expect(stderr).toMatch(/f\.yaml:2:8/);
    writeFileSync(file, 'impl: [passive\n');
    const broken = await ftcheck('run', `--config=${file}`);
    expect(broken.code).toBe(254);
    expect(broken.stderr).toMatch(/f\.yaml:\d+:\d+/);
  });

  test('a folder that cannot be written ends with 255', async () => {
    using folder = makeFolder();
    const file = join(folder.path, 'a-file');
    writeFileSync(file, '');
    const { code, stderr } = await ftcheck('run', '--impl=simple', '--duration=1s', `--out=${file}`);
    expect(code).toBe(255);
    expect(stderr).toMatch(/a-file/);
  });
});
