import { expect, test } from '@jest/globals';
import { ftcheck } from './command-line.ts';

interface Report {
  readonly verdict: string;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly failures: readonly {
    readonly seed: number;
    readonly reason: string;
    readonly traceHash?: string;
  }[];
  readonly views: number;
  readonly crashes: number;
}

const cases = [
  ['passive', 3, 'kv', 350, []],
  ['active', 3, 'rpc', 350, []],
  ['passive', 5, 'queue', 100, ['--acks=all']],
  ['active', 5, 'register', 100, []],
  ['passive', 3, 'rpc', 100, ['--requests=primary']],
  ['somersault', 3, 'kv', 300, []],
  ['somersault', 3, 'queue', 200, ['--logging=early', '--transfer=fuzzy', '--chunk=1', '--resend=off']],
  ['somersault', 3, 'lock', 100, ['--logging=early', '--service-time=3ms', '--window=1']],
  ['somersault', 5, 'register', 150, ['--logging=early', '--transfer=fuzzy', '--chunk=1']],
  ['somersault', 5, 'lock', 150, ['--topology=fan-out', '--logging=early', '--transfer=fuzzy', '--chunk=1']],
  ['somersault:composed', 6, 'lock', 100, ['--window=2', '--resend=off']],
] as const;

// Simulations are all computation and no waiting: two at a time.
test.concurrent.each(cases)(
  '%s on %i nodes with %s: %i schedules of chaos',
  async (impl, nodes, workload, seeds, options) => {
    const args = [
      `--impl=${impl}`,
      `--nodes=${nodes}`,
      `--workload=${workload}`,
      `--seeds=${seeds}`,
      ...options,
    ];
    const { stdout } = await ftcheck('simulate', '--json', '--quiet', ...args);
    const report = JSON.parse(stdout) as Report;
    expect(report).toMatchObject({ verdict: 'valid', failures: [] });
    const { valid = 0, lost = 0 } = report.verdicts;
    expect(valid + lost).toBe(seeds);
    // Chaos without a budget leaves no majority in many a schedule; in the others everything was judged.
    expect(valid).toBeGreaterThan(seeds / 4);
    // Chaos that changes nothing would prove nothing.
    expect(report.views).toBeGreaterThan(2 * seeds);
    expect(report.crashes).toBeGreaterThan(seeds);
  },
);

const mutants = [
  ['passive/reply-before-backups', 'kv', ['--requests=primary']],
  ['passive/no-reply-cache', 'rpc', []],
  ['passive/no-fencing', 'kv', []],
  ['active/local-reads', 'register', []],
  ['active/delivers-before-stable', 'kv', []],
  ['group/amnesiac-vote', 'kv', []],
  ['somersault/primary-acks', 'kv', []],
  ['somersault/idle-ack-from-non-sender', 'kv', []],
  ['somersault/forgets-counters', 'kv', []],
  ['somersault/readmits-excluded', 'kv', []],
] as const;

test.concurrent.each(mutants)(
  'the seeded bug %s is found in simulation too',
  async (mutant, workload, options) => {
    const args = [`--impl=mutants/${mutant}`, `--workload=${workload}`, '--seeds=40', ...options];
    const { stdout, code } = await ftcheck('simulate', '--json', '--quiet', ...args);
    const report = JSON.parse(stdout) as Report;
    expect({ verdict: report.verdict, code }).toEqual({ verdict: 'invalid', code: 1 });
    const [first] = report.failures;
    const again = await ftcheck(
      'simulate',
      '--json',
      '--quiet',
      ...args,
      `--seed=${first?.seed}`,
      '--seeds=1',
    );
    expect((JSON.parse(again.stdout) as Report).failures[0]).toMatchObject({
      seed: first?.seed,
      traceHash: first?.traceHash,
      reason: first?.reason,
    });
  },
);
