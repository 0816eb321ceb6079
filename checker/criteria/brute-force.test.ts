/** Searches and saturation against the definitions themselves, on random small histories. */
import fc from 'fast-check';
import type { Json } from '../../core/json.ts';
import type { Model } from '../../core/model.ts';
import { bruteCausal, bruteSequential, bruteSessions, faultOfOrder } from '../../test/criteria-oracle.ts';
import { noLimits } from '../../test/judged-run.ts';
import { fuzzRuns } from '../../test/monitor-fuzz.ts';
import { historyOf, objects, stepOf } from '../../test/random-history.ts';
import { eventsOf, sessionHistory } from '../../test/random-sessions.ts';
import { tableOf, type OperationTable } from '../history/operation-table.ts';
import { models } from '../models/models.ts';
import { decide } from '../linearizable/decide.ts';
import { decideCausal } from './causal.ts';
import { strongestHeld } from './strongest-held.ts';
import { registerGraphOf, type RegisterGraph } from './register-graph.ts';
import { decideSequential } from './sequential.ts';
import { sessionFindings } from './session-guarantees.ts';
import { weakCausalityOf } from './weak-causal.ts';

const runs = fuzzRuns(300);
const kv = models['kv']!;

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
  if ('why' in graph) throw new Error(graph.why);
  return graph;
}

test('registers: sequential, causal, and what follows from what', () => {
  fc.assert(
    fc.property(sessionHistory(7), (told) => {
      const table = tableOf(eventsOf(told));
      const graph = graphOf(table);
      const isSequential = holdSequential(table, kv);
      const expected = bruteCausal(table, 'memory');
      if (isSequential) expect(expected).toBe(true);
      const causal = decideCausal(table, { model: kv, limits: noLimits });
      const which = graph.refusedCount > 0 ? ', failed cas' : '';
      count(`causal ${causal.verdict}${which}`);
      if (causal.verdict === 'invalid') count(causal.why.type);
      // What a cas without an answer may have done to another one is not looked into.
      if (causal.verdict === 'unknown' && graph.unseen.some(({ isCas }) => isCas)) return;
      expect(causal.verdict).toBe(expected ? 'valid' : 'invalid');
    }),
    { numRuns: runs },
  );
});

test('registers: weak causal consistency and convergence', () => {
  fc.assert(
    fc.property(sessionHistory(6), (all) => {
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

test('registers: session guarantees, and the strongest criterion that holds', () => {
  fc.assert(
    fc.property(sessionHistory(8), (all) => {
      const told = all.filter(({ f, result }) => f !== 'cas' || result === true);
      const table = tableOf(eventsOf(told));
      const graph = graphOf(table);
      const weak = graph.thinAir.length > 0 ? null : weakCausalityOf(graph);
      const expected = bruteSessions(table);
      const isCausal = bruteCausal(table, 'memory');
      if (weak !== null && expected !== null) {
        const { broken, returned, together } = sessionFindings(graph, weak);
        expect(broken.map(({ guarantee }) => guarantee).sort()).toEqual([...expected.broken].sort());
        expect(returned !== null).toBe(expected.hasReturned);
        if (isCausal) expect([broken, returned, together]).toEqual([[], null, null]);
        for (const { guarantee } of broken) count(guarantee);
        if (returned !== null) count('a value came back');
        if (together !== null) count('together');
      }
      const { holds } = strongestHeld(table, { model: kv, limits: noLimits });
      count(`holds ${holds}`);
      expect(holds === 'sequential').toBe(bruteSequential(table, kv));
      expect(holds === 'causal').toBe(holds !== 'sequential' && isCausal);
      const isWeak = bruteCausal(table, 'weak') && expected?.hasReturned === false;
      expect(holds === 'session guarantees').toBe(!isCausal && isWeak);
    }),
    { numRuns: runs },
  );
});

test('what is linearizable is sequential and causal, and what is not may be', () => {
  fc.assert(
    fc.property(fc.array(stepOf(4, 4), { minLength: 6, maxLength: 40, size: 'max' }), (steps) => {
      const table = tableOf(
        historyOf(steps, objects['register, unique values']!, { operations: 14, unknown: 3 }),
      );
      if (decide(table, { model: kv, limits: noLimits }).verdict !== 'valid') return;
      expect(decideSequential(table, { model: kv, limits: noLimits }).verdict).toBe('valid');
      expect(decideCausal(table, { model: kv, limits: noLimits }).verdict).toBe('valid');
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
