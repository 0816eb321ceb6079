import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UsageError } from '../core/errors.ts';
import type { Impl } from '../core/impl.ts';
import type { Plan } from '../core/plan.ts';
import { millis } from '../core/units.ts';
import { crash } from '../nemesis/crash.ts';
import { kill } from '../nemesis/kill.ts';
import { none } from '../nemesis/none.ts';
import { partition } from '../nemesis/partition.ts';
import { pause } from '../nemesis/pause.ts';
import { slow } from '../nemesis/slow.ts';
import { kv } from '../workloads/kv.ts';
import { parseNemesisSpec } from './nemesis-spec.ts';
import { makePlan, nominalMs, type PlanInput } from './plan.ts';

const nemeses = { partition, kill, crash, pause, slow, none };
const impl: Impl = {
  name: 'passive',
  description: '',
  roles: ['primary', 'backup'],
  options: [],
  layer: 'passive',
  claims: () => ({ tolerates: 'majority', outageMsMax: millis(2000), text: '' }),
  clientMode: () => 'all',
};

function plan(nemesis: string, rest: Partial<PlanInput> = {}): Plan {
  const choices = parseNemesisSpec(nemesis, nemeses, impl.roles);
  return makePlan({ impl, workload: kv, nemesis, choices, seed: 1, ...rest });
}

const part = fc.constantFrom(
  'partition',
  'partition:isolate-primary,one-way',
  'partition:halves',
  'kill',
  'kill:primary',
  'kill:backup,never',
  'crash:host',
  'pause:primary',
  'slow',
  'slow:all',
);
const anyPlan = fc.record({
  nemesis: fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('+')),
  seed: fc.nat(),
  nodes: fc.integer({ min: 1, max: 9 }),
  durationMs: fc.integer({ min: 4000, max: 60_000 }),
});

describe('makePlan', () => {
  test('is pure: equal input, equal JSON, which reads back as it was', () =>
    fc.assert(
      fc.property(anyPlan, ({ nemesis, ...rest }) => {
        const made = plan(nemesis, rest);
        expect(JSON.stringify(plan(nemesis, rest))).toBe(JSON.stringify(made));
        expect(JSON.parse(JSON.stringify(made))).toEqual(made);
      }),
    ));

  test('faults lie inside their phase, in order, under ids of their own, and every nemesis has one', () =>
    fc.assert(
      fc.property(anyPlan, ({ nemesis, ...rest }) => {
        const { faults, phases } = plan(nemesis, rest);
        let last = 0;
        for (const fault of faults) {
          expect(fault.atMs).toBeGreaterThanOrEqual(last);
          expect(fault.forMs).toBeGreaterThanOrEqual(200);
          expect(fault.atMs + fault.forMs).toBeLessThanOrEqual(phases.faultsMs);
          last = fault.atMs;
        }
        expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length);
        const named = nemesis.split('+').map((name) => name.split(':')[0]);
        expect(new Set(faults.map((fault) => fault.nemesis))).toEqual(new Set(named));
      }),
    ));

  test('faults that overlap impair no more than a minority together', () =>
    fc.assert(
      fc.property(anyPlan, ({ nemesis, ...rest }) => {
        const { faults } = plan(nemesis, rest);
        const minority = Math.floor((rest.nodes - 1) / 2);
        faults.forEach((fault, i) => {
          const next = faults[i + 1];
          if (next === undefined || next.atMs >= fault.atMs + fault.forMs) return;
          const both = [fault, next].map(({ nemesis: name }) => nemeses[name as keyof typeof nemeses]);
          expect(both[0]).not.toBe(undefined);
          expect(minority).toBeGreaterThanOrEqual(2);
          expect(faults[i + 2]?.atMs ?? Infinity).toBeGreaterThanOrEqual(fault.atMs + fault.forMs);
        });
      }),
    ));

  test('some seeds make two nemeses overlap on five nodes, none does on three', () => {
    const overlaps = (nodes: number): number =>
      Array.from({ length: 50 }, (_, seed) => plan('kill+slow', { seed, nodes }).faults).filter(
        ([one, other]) => one!.atMs + one!.forMs > other!.atMs,
      ).length;
    expect(overlaps(5)).toBeGreaterThan(10);
    expect(overlaps(3)).toBe(0);
  });

  test('five seconds hold two faults, with time to come back after each', () => {
    for (let seed = 0; seed < 50; seed++) {
      const made = plan('kill', { seed });
      expect(nominalMs(made)).toBe(5000);
      expect(made.faults).toHaveLength(2);
      const [one, other] = made.faults;
      expect(other!.atMs - one!.atMs - one!.forMs).toBeGreaterThan(600);
      expect(made.phases.faultsMs + made.phases.settleMs - other!.atMs - other!.forMs).toBeGreaterThan(1500);
    }
  });

  test('a longer run has more faults', () => {
    expect(plan('kill', { durationMs: 30_000 }).faults.length).toBeGreaterThan(15);
  });

  test('a number of faults is kept to, as far as there is time for each', () => {
    const made = plan('kill+pause', { faults: 7, durationMs: 6000 });
    expect(made.faults.map(({ id }) => id)).toEqual(['f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7']);
    expect(new Set(made.faults.map(({ nemesis }) => nemesis)).size).toBe(2);
    expect(() => plan('kill+pause', { faults: 1 })).toThrow(/--faults 1: 2 nemeses/);
    expect(() => plan('kill', { faults: 9 })).toThrow(/3300 ms for 9 faults, which need 4500 ms/);
  });

  test('faults in turn may all begin with their phase, in the order of the roles', () => {
    const { faults } = plan('kill:in-turn', { faults: 5, durationMs: 6000 });
    expect(faults.map(({ target }) => target)).toEqual(['primary', 'backup', 'primary', 'backup', 'primary']);
    expect(new Set(faults.map(({ atMs }) => atMs)).size).toBe(1);
    expect(faults.every(({ inTurn }) => inTurn === true)).toBe(true);
  });

  test('numbers that make no run are usage errors', () => {
    expect(() => plan('kill', { nodes: 0 })).toThrow(/--nodes 0: must be a whole number from 1 to 9/);
    expect(() => plan('kill', { rate: 0 })).toThrow(/--rate 0/);
    expect(() => plan('kill+pause+slow', { durationMs: 1000 })).toThrow(/3 nemeses, which need 1500 ms/);
  });

  test('what the impl claims hangs on its options and the time-outs of the run', () => {
    const claims: Impl['claims'] = (nodes, options, timing) => ({
      tolerates: 'majority',
      outageMsMax: millis(timing === 'fast' ? 1 : 2),
      text: `${nodes} ${JSON.stringify(options['acks'])}`,
    });
    const made = plan('none', { impl: { ...impl, claims }, implOptions: { acks: 'all' }, timing: 'fast' });
    expect(made.impl.claims).toMatchObject({ outageMsMax: 1, text: '3 "all"' });
    expect(made).toMatchObject({ timing: 'fast', serviceMs: 0 });
    expect(plan('none', { impl: { ...impl, claims } }).impl.claims.outageMsMax).toBe(2);
    expect(plan('none', { serviceMs: 2.5 })).toMatchObject({ timing: 'default', serviceMs: 2.5 });
    expect(() => plan('none', { serviceMs: -1 })).toThrow(/--service-time \(ms\) -1/);
  });

  test('options may ask for nodes, and a combination may be refused', () => {
    const units: Impl = {
      ...impl,
      nodesFor: (options) => (typeof options['k'] === 'number' ? 2 * options['k'] + 1 : null),
      check: (nodes, options) =>
        nodes === Number(options['k']) ? `--nodes: ${nodes} are too few for --k=${nodes}` : null,
    };
    expect(plan('none', { impl: units }).nodes).toBe(3);
    expect(plan('none', { impl: units, implOptions: { k: 2 } }).nodes).toBe(5);
    expect(plan('none', { impl: units, implOptions: { k: 2 }, nodes: 4 }).nodes).toBe(4);
    expect(() => plan('none', { impl: units, implOptions: { k: 2 }, nodes: 2 })).toThrow(
      new UsageError('--nodes: 2 are too few for --k=2'),
    );
  });

  test('checkers: the workload names what judges its answers, the rest is always there', () => {
    expect(plan('none').checkers).toEqual([
      'well-formed',
      'linearizable',
      'at-most-once',
      'group',
      'mirroring',
      'processes',
      'failover',
      'liveness',
      'vacuity',
    ]);
    expect(plan('none').faults).toEqual([]);
  });
});

describe('parseNemesisSpec', () => {
  const parse = (spec: string) =>
    parseNemesisSpec(spec, nemeses, impl.roles).map(({ nemesis, variants }) => [nemesis.name, ...variants]);

  test('parts, variants and roles', () => {
    expect(parse('partition:isolate-primary,one-way+kill:backup')).toEqual([
      ['partition', 'isolate-primary', 'one-way'],
      ['kill', 'backup'],
    ]);
    expect(parse('crash:host,primary')).toEqual([['crash', 'host', 'primary']]);
  });

  test('says which part is wrong and what would be right', () => {
    expect(() => parse('kill+pratition')).toThrow(
      '--nemesis kill+pratition: there is no nemesis "pratition"; there are partition, kill, crash, pause, slow, none',
    );
    expect(() => parse('kill:leader')).toThrow(
      '--nemesis kill:leader: "kill:leader" does not know "leader"; after "kill:" may stand majority, never, in-turn, primary, backup, any',
    );
    expect(() => parse('partition:isolate-witness')).toThrow(/isolate-primary, isolate-backup/);
    expect(() => parse('none:x')).toThrow(/may stand nothing/);
    expect(() => parse('none+kill')).toThrow(/none stands alone/);
    expect(() => parse('slow+kill:backup,in-turn')).toThrow(/kill:backup,in-turn stands alone/);
    expect(() => parse('')).toThrow(/there is no nemesis ""/);
  });
});
