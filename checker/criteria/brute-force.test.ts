/** Searches and saturation against the definitions themselves, on random small histories. */
import fc from 'fast-check';
import type { HistoryEvent } from '../../core/history.ts';
import type { Json } from '../../core/json.ts';
import type { Model } from '../../core/model.ts';
import { nanos } from '../../core/units.ts';
import { noLimits } from '../../test/judged-run.ts';
import { fuzzRuns } from '../../test/monitor-fuzz.ts';
import { historyOf, objects, stepOf } from '../../test/random-history.ts';
import { tableOf, type OperationTable } from '../history/operation-table.ts';
import { models } from '../models/models.ts';
import { bruteCausal, bruteSequential, faultOfOrder } from '../../test/criteria-oracle.ts';
import { judgeCausalMemory } from './causal-memory.ts';
import { registerGraphOf, type RegisterGraph } from './register-graph.ts';
import { decideSequential } from './sequential.ts';
import { weakCausalityOf } from './weak-causal.ts';

const runs = fuzzRuns(300);
const kv = models['kv']!;

/** What some process does next: a write, a read, a cas; or replication goes on. */
interface Deed {
  readonly process: number;
  readonly kind: number;
  readonly key: number;
  readonly pick: number;
}
const deedOf = (processes: number): fc.Arbitrary<Deed> =>
  fc.record({ process: fc.nat(processes - 1), kind: fc.nat(9), key: fc.nat(1), pick: fc.nat(5) });

interface Told {
  readonly process: number;
  readonly f: string;
  readonly key: Json;
  readonly value: Json;
  /** undefined: never answered. */
  readonly result: Json | undefined;
}

/** One operation after the other in real time, which means nothing to these criteria. */
function eventsOf(operations: readonly Told[]): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  const retired = new Map<number, number>();
  for (const { process: worker, f, key, value, result } of operations) {
    const process = worker + 8 * (retired.get(worker) ?? 0);
    const base = { process, f, key, time: nanos(0) };
    events.push({ ...base, index: events.length, type: 'invoke', value });
    if (result === undefined) {
      retired.set(worker, (retired.get(worker) ?? 0) + 1);
      events.push({ ...base, index: events.length, type: 'info', value });
    } else events.push({ ...base, index: events.length, type: 'ok', value: result });
  }
  return events;
}

/** Reads meet any value that somebody writes at any time to that register, or none. */
function anyAnswers(deeds: readonly Deed[]): Told[] {
  const written = [0, 1].map((key) =>
    deeds.flatMap((deed, at) => (deed.key === key && deed.kind >= 5 ? [at + 1] : [])),
  );
  return deeds.map(({ process, kind, key, pick }, at) => {
    const base = { process, key };
    const met = [null, ...(written[key] ?? [])];
    const value = met[pick % met.length] ?? null;
    if (kind < 5) return { ...base, f: 'read', value: null, result: value };
    if (kind < 8) return { ...base, f: 'write', value: at + 1, result: null };
    const answer = kind === 8 ? true : pick % 3 === 0 ? undefined : false;
    if (value === at + 1 || (kind === 9 && pick === 5))
      return { ...base, f: 'write', value: at + 1, result: undefined };
    return { ...base, f: 'cas', value: [value, at + 1], result: answer };
  });
}

/** Each process has a copy of its own; writes come to the others later, in the order of their writer or in any. */
function replicated(deeds: readonly Deed[], operationsMax: number): Told[] {
  const copies = Array.from({ length: 4 }, () => [null, null] as Json[]);
  const sent: { key: number; value: number; to: number }[] = [];
  const told: Told[] = [];
  for (const [at, { process, kind, key, pick }] of deeds.entries()) {
    const copy = copies[process] ?? [];
    const base = { process, key };
    if (kind < 3 && told.length < operationsMax)
      told.push({ ...base, f: 'read', value: null, result: copy[key] ?? null });
    else if (kind < 6 && told.length < operationsMax) {
      const isCas = pick === 0 && kind === 5;
      const held = copy[key] ?? null;
      copy[key] = at + 1;
      for (let to = 0; to < copies.length; to++) if (to !== process) sent.push({ key, value: at + 1, to });
      const result = pick === 5 ? undefined : isCas ? true : null;
      told.push({ ...base, f: isCas ? 'cas' : 'write', value: isCas ? [held, at + 1] : at + 1, result });
    } else {
      const place = kind === 9 ? pick % Math.max(1, sent.length) : 0;
      const [message] = sent.splice(place, 1);
      if (message !== undefined) copies[message.to]![message.key] = message.value;
    }
  }
  return told;
}

const smallHistory = (operationsMax: number): fc.Arbitrary<Told[]> =>
  fc.oneof(
    fc.array(deedOf(3), { minLength: 5, maxLength: operationsMax, size: 'max' }).map(anyAnswers),
    fc
      .array(deedOf(4), { minLength: 6, maxLength: 3 * operationsMax, size: 'max' })
      .map((deeds) => replicated(deeds, operationsMax)),
  );

const counts: Record<string, number> = {};
const count = (what: string): void => {
  counts[what] = (counts[what] ?? 0) + 1;
};

/** Throws where the search is wrong, or where the order that it found is none. */
function holdSequential(table: OperationTable, model: Model<unknown>, initial?: Json): boolean {
  const expected = bruteSequential(table, model, initial);
  const decision = decideSequential(table, { model, initial, limits: noLimits });
  count(`sequential ${decision.verdict}`);
  expect(decision.verdict).toBe(expected ? 'valid' : 'invalid');
  if (decision.verdict === 'valid') expect(faultOfOrder(decision.order, table, model, initial)).toBeNull();
  return expected;
}

function graphOf(table: OperationTable): RegisterGraph {
  const graph = registerGraphOf(table);
  if (typeof graph === 'string') throw new Error(graph);
  return graph;
}

test('registers: sequential, causal, and what follows from what', () => {
  fc.assert(
    fc.property(smallHistory(7), (told) => {
      const table = tableOf(eventsOf(told));
      const graph = graphOf(table);
      const isSequential = holdSequential(table, kv);
      const expected = bruteCausal(table, 'memory');
      if (isSequential) expect(expected).toBe(true);
      const causal = graph.thinAir.length > 0 ? 'invalid' : judgeCausalMemory(graph, () => false).verdict;
      count(`causal ${causal}`);
      if (graph.refusedCount > 0) count(`causal ${causal}, failed cas`);
      if (graph.refusedCount > 0 && causal === 'unknown') {
        count(`unknown, but ${expected}`);
        if (expected && process.env['SHOW']) console.log(JSON.stringify(told));
        return;
      }
      expect(causal).toBe(expected ? 'valid' : 'invalid');
    }),
    { numRuns: runs },
  );
});

test('registers: weak causal consistency and convergence', () => {
  fc.assert(
    fc.property(smallHistory(6), (all) => {
      const told = all.filter(({ f, result }) => f !== 'cas' || result === true);
      const table = tableOf(eventsOf(told));
      const graph = graphOf(table);
      const weak = graph.thinAir.length > 0 ? null : weakCausalityOf(graph);
      const isWeak = weak !== null && weak.stale.length === 0;
      count(`weak ${isWeak}`);
      expect(isWeak).toBe(bruteCausal(table, 'weak'));
      const isConvergent = weak?.isConvergent === true;
      count(`convergent ${isConvergent}`);
      expect(isConvergent).toBe(bruteCausal(table, 'convergent'));
      const isMemory = bruteCausal(table, 'memory');
      if (isMemory || isConvergent) expect(isWeak).toBe(true);
      if (isMemory !== isConvergent) count(isMemory ? 'memory, not convergent' : 'convergent, not memory');
    }),
    { numRuns: runs },
  );
});

describe.each(Object.entries(objects))('%s', (_, object) => {
  const model = models[object.model]!;
  test('sequential', () => {
    fc.assert(
      fc.property(fc.array(stepOf(4, 4), { minLength: 6, maxLength: 23, size: 'max' }), (steps) => {
        const table = tableOf(historyOf(steps, object, { operations: 7, unknown: 3 }));
        holdSequential(table, model, object.initial);
      }),
      { numRuns: Math.ceil(runs / 2) },
    );
  });
});

afterAll(() => {
  if (process.env['FTCHECK_FUZZ_RUNS'] !== undefined) console.log(counts);
});
