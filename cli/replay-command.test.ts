import fc from 'fast-check';
import type { Plan } from '../core/plan.ts';
import { chooseRun, planOf } from './choose.ts';
import { registry } from './registry.ts';
import { flagsOf, replayCommand } from './replay-command.ts';
import type { Given, Settings } from './settings.ts';

const flags = (some: Readonly<Record<string, string>>): Settings =>
  new Map(
    Object.entries(some).map(([name, text]): [string, Given] => [
      name,
      { texts: [text], place: `--${name}`, from: 'flag' },
    ]),
  );
const planFrom = (some: Readonly<Record<string, string>>, seed: number): Plan =>
  planOf(chooseRun(flags(some), registry), seed, flags(some));

test('names what was chosen and what differs from the defaults', () => {
  const plan = planFrom({ impl: 'passive', acks: 'all', nemesis: 'kill:primary', slo: 'outage.max<1s' }, 42);
  expect(replayCommand(plan, registry, 'x/plan.json')).toBe(
    "npx ftcheck run --impl=passive --acks=all --workload=kv --nemesis=kill:primary --nodes=3 --clients=5 --duration=5s '--slo=outage.max<1s' --seed=42",
  );
});

test('names time-outs and processing time where they are not the usual ones', () => {
  const plan = planFrom({ impl: 'passive', timing: 'fast', 'service-time': '0.5ms' }, 42);
  expect(replayCommand(plan, registry, 'x/plan.json')).toBe(
    'npx ftcheck run --impl=passive --workload=kv --nemesis=none --nodes=3 --clients=5 --duration=5s --timing=fast --service-time=0.5ms --seed=42',
  );
});

test('names how many faults there are where that was asked for', () => {
  const chosen = { impl: 'passive', nemesis: 'kill:in-turn', duration: '9s' };
  const command = (some: Readonly<Record<string, string>>): string =>
    replayCommand(planFrom(some, 42), registry, 'x/plan.json');
  expect(command({ ...chosen, faults: '9' })).toBe(
    'npx ftcheck run --impl=passive --workload=kv --nemesis=kill:in-turn --nodes=3 --clients=5 --duration=9s --seed=42 --faults=9',
  );
  expect(command(chosen)).not.toContain('--faults');
});

test('a plan that flags do not make is repeated by itself', () => {
  const plan = planFrom({ impl: 'active', nemesis: 'pause' }, 7);
  const edited: Plan = { ...plan, faults: plan.faults.slice(1) };
  expect(replayCommand(edited, registry, 'some dir/plan.json')).toBe(
    "npx ftcheck run '--plan=some dir/plan.json'",
  );
});

test('the flags of a plan make the same plan', () => {
  const choices = fc.record({
    impl: fc.constantFrom('simple', 'passive', 'active'),
    workload: fc.constantFrom('kv', 'register', 'queue', 'rpc'),
    nemesis: fc.constantFrom('none', 'partition', 'kill', 'pause+slow', 'crash:host', 'partition:halves'),
    nodes: fc.integer({ min: 3, max: 9 }).map(String),
    clients: fc.integer({ min: 1, max: 50 }).map(String),
    duration: fc.integer({ min: 3000, max: 20_000 }).map((ms) => `${ms}ms`),
    'op-timeout': fc.constantFrom('1s', '250ms'),
    timing: fc.constantFrom('default', 'fast'),
    'service-time': fc.constantFrom('0ms', '5ms', '0.25ms', '1.5s'),
  });
  fc.assert(
    fc.property(choices, fc.integer({ min: 0, max: 1e9 }), (chosen, seed) => {
      const some = chosen.impl === 'simple' ? { ...chosen, nodes: '1' } : chosen;
      const plan = planFrom(some, seed);
      const again = flagsOf(plan, registry);
      expect(planOf(chooseRun(again, registry), seed, again)).toEqual(plan);
      expect(replayCommand(plan, registry, 'plan.json')).toContain(`--seed=${seed}`);
    }),
    { numRuns: 50 },
  );
});
