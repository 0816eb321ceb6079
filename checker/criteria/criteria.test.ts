import fc from 'fast-check';
import type { CheckerLimits } from '../../core/checker.ts';
import type { HistoryEvent } from '../../core/history.ts';
import type { Json } from '../../core/json.ts';
import { faultOfOrder } from '../../test/criteria-oracle.ts';
import { noLimits, planOf, runOf } from '../../test/judged-run.ts';
import { fuzzRuns } from '../../test/monitor-fuzz.ts';
import { eventsOf, replicatedHistory, type Told } from '../../test/random-sessions.ts';
import { tableOf, type OperationTable } from '../history/operation-table.ts';
import { models } from '../models/models.ts';
import { causal, judgeCriterion, sequential } from './criteria.ts';
import { easyCycle } from './evidence.ts';
import { registerGraphOf, type RegisterGraph } from './register-graph.ts';
import { saturate } from './saturate.ts';
import { searchRounds } from './search-rounds.ts';
import { strongestHeld } from './strongest-held.ts';
import { decideSequential, plainTask } from './sequential.ts';
import { saturateInWindows } from './windows.ts';

const kv = models['kv']!;
const runs = fuzzRuns(150);

const op = (process: number, f: string, value: Json, result: Json | undefined, key: Json = 'x'): Told => ({
  process,
  f,
  key,
  value,
  result,
});
const write = (process: number, value: number, key = 'x'): Told => op(process, 'write', value, null, key);
const read = (process: number, result: Json, key = 'x'): Told => op(process, 'read', null, result, key);

const tableFor = (told: readonly Told[]): OperationTable => tableOf(eventsOf(told));

function graphOf(table: OperationTable): RegisterGraph {
  const graph = registerGraphOf(table);
  if ('why' in graph) throw new Error(graph.why);
  return graph;
}

/** A clock that advances by a millisecond whenever somebody looks. */
function impatient(deadline: number): CheckerLimits {
  let now = 0;
  return { now: () => now++, deadline, memoryBytesMax: 1e9 };
}

const stale = [write(0, 1), write(1, 2), read(2, 2), read(3, 1)];

describe('what is said', () => {
  test('of what real time alone forbids', () => {
    const table = tableFor(stale);
    expect(strongestHeld(table, { model: kv, limits: noLimits })).toEqual({
      holds: 'sequential',
      words: 'It is still sequentially consistent: only the order of real time is broken',
      details: { sequential: 'valid', causal: 'valid' },
    });
    expect(judgeCriterion('sequential', table, { model: kv, limits: noLimits })).toEqual({
      verdict: 'valid',
      reason:
        'all 4 operations fit into one order that keeps that of each process, though not real time (kv)',
    });
  });

  test('of what is linearizable', () => {
    const reason =
      'all 1 operation fit into one order that keeps that of each process, and even real time (kv)';
    const said = judgeCriterion('sequential', tableFor([write(0, 1)]), { model: kv, limits: noLimits });
    expect(said).toEqual({ verdict: 'valid', reason });
  });

  test('of a value that nobody wrote', () => {
    const table = tableFor([write(0, 1), read(1, 7)]);
    const reason = 'read x -> 7 (process 1, at 0.0000 s) met a value that nobody wrote';
    for (const criterion of ['sequential', 'causal'] as const)
      expect(judgeCriterion(criterion, table, { model: kv, limits: noLimits })).toMatchObject({
        verdict: 'invalid',
        reason,
      });
    expect(strongestHeld(table, { model: kv, limits: noLimits }).holds).toBe('none');
  });

  test('of a failed cas that nothing explains', () => {
    const table = tableFor([write(0, 1), op(0, 'cas', [1, 2], false)]);
    expect(judgeCriterion('causal', table, { model: kv, limits: noLimits })).toMatchObject({
      verdict: 'invalid',
      reason:
        'its process can have seen no order of all writes in which each cas failed that did: cas x 1 => 2 -> false (process 0, at 0.0000 s)',
    });
  });

  test('of an object that is no register', () => {
    const dequeued = [op(0, 'enqueue', 1, null), op(1, 'enqueue', 2, null), op(2, 'dequeue', null, 2)];
    const table = tableFor(dequeued);
    const question = { model: models['queue']!, limits: noLimits };
    expect(judgeCriterion('causal', table, question)).toMatchObject({
      verdict: 'unknown',
      reason: 'causal consistency is judged for registers only',
    });
    expect(strongestHeld(table, question).holds).toBe('sequential');
    const twice = tableFor([...dequeued, op(3, 'dequeue', null, 2)]);
    expect(strongestHeld(twice, question)).toMatchObject({
      holds: null,
      words: 'It is not even sequentially consistent',
    });
    expect(judgeCriterion('sequential', twice, question).reason).toBe(
      'no order of all operations keeps that of each process: at best 3 of 4 operations fit, and then none of these: ' +
        'dequeue x -> 2 (process 3, at 0.0000 s)',
    );
  });

  test('of a value whose writer was told that it failed', () => {
    const table = tableFor([op(0, 'cas', [null, 7], false), read(1, 7)]);
    const { words } = strongestHeld(table, { model: kv, limits: noLimits });
    expect(words).toContain(
      'read x -> 7 (process 1, at 0.0000 s) met a value that nobody wrote; that it failed was the answer of cas x ',
    );
  });

  test('of values that repeat: what can be said without them', () => {
    const repeated = [write(0, 1), write(1, 1), read(2, 1), read(2, null)];
    expect(judgeCriterion('causal', tableFor(repeated), { model: kv, limits: noLimits })).toMatchObject({
      verdict: 'unknown',
      reason:
        'read x -> 1 (process 2, at 0.0000 s) met a value that several may have written; where written values are unique it can be judged',
    });
    const broken = [...repeated, write(3, 5, 'y'), read(3, null, 'y')];
    expect(judgeCriterion('causal', tableFor(broken), { model: kv, limits: noLimits }).verdict).toBe(
      'invalid',
    );
    const linearizable = [write(0, 1), write(1, 1), read(2, 1)];
    expect(judgeCriterion('causal', tableFor(linearizable), { model: kv, limits: noLimits }).verdict).toBe(
      'valid',
    );
  });

  test('of what is there at first', () => {
    const table = tableFor([read(0, 5)]);
    for (const criterion of ['sequential', 'causal'] as const) {
      expect(judgeCriterion(criterion, table, { model: kv, limits: noLimits }).verdict).toBe('invalid');
      expect(judgeCriterion(criterion, table, { model: kv, initial: 5, limits: noLimits }).verdict).toBe(
        'valid',
      );
    }
  });
});

test('limits: what was reached is told', () => {
  const many = Array.from({ length: 12 }, (_, i) => [
    op(i, 'enqueue', i + 1, null),
    op(i, 'enqueue', i + 20, null),
  ]).flat();
  const table = tableFor([...many, op(20, 'dequeue', null, 99)]);
  const question = { model: models['queue']!, limits: impatient(40) };
  const said = judgeCriterion('sequential', table, question);
  expect(said).toMatchObject({
    verdict: 'unknown',
    reason: 'the search for an order ran out of time; at best 24 of 25 operations fitted into one',
    details: { limit: 'time', placed: 24 },
  });
  const little = { ...noLimits, memoryBytesMax: 1 << 18 };
  expect(judgeCriterion('sequential', table, { ...question, limits: little }).details).toMatchObject({
    limit: 'memory',
  });
  const late = { model: kv, limits: impatient(-1) };
  expect(strongestHeld(tableFor(stale), late)).toMatchObject({ holds: null });
});

test('the checkers of a run', () => {
  const history: HistoryEvent[] = eventsOf(stale);
  const run = runOf({
    history,
    plan: planOf({ workload: { name: 'kv', options: {}, model: 'kv', app: 'kv' } }),
  });
  expect(sequential.check(run, noLimits).verdict).toBe('valid');
  expect(causal.check(run, noLimits).verdict).toBe('valid');
});

describe('too long for brute force', () => {
  const judged = { valid: 0, invalid: 0 };
  test('what is known in advance changes nothing', () => {
    fc.assert(
      fc.property(replicatedHistory(24), (told) => {
        const table = tableFor(told);
        const guided = decideSequential(table, { model: kv, limits: noLimits });
        if (guided.verdict === 'valid') expect(faultOfOrder(guided.order, table, kv)).toBeNull();
        const limits = impatient(60);
        const plain = searchRounds(() => plainTask(table, { model: kv, limits }), table.count, {
          model: kv,
          limits,
        });
        if (plain.status === 'unknown' || guided.verdict === 'unknown') return;
        judged[guided.verdict] += 1;
        expect(guided.verdict).toBe(plain.status === 'found' ? 'valid' : 'invalid');
      }),
      { numRuns: runs },
    );
    expect(Math.min(judged.valid, judged.invalid)).toBeGreaterThan(runs / 10);
  });

  test('a cycle is one, and one in a stretch is one in the whole', () => {
    fc.assert(
      fc.property(replicatedHistory(60), (told) => {
        const graph = graphOf(tableFor(told));
        const whole = saturate(graph, () => false);
        const stretches = saturateInWindows(graph, { isExpired: () => false, bytesMax: 8 * 64 });
        if (stretches.status === 'cycle') expect(whole.status).toBe('cycle');
        for (const { status, cycleAt, edges } of [whole, stretches]) {
          if (status !== 'cycle') continue;
          const steps = easyCycle(graph, edges, [cycleAt]) ?? [];
          expect(steps.length).toBeGreaterThan(1);
          for (const [i, { from, to, why }] of steps.entries()) {
            expect(steps[(i + 1) % steps.length]!.from).toBe(to);
            if (why === 'process') expect([graph.chain[from], from < to]).toEqual([graph.chain[to], true]);
            if (why === 'read') expect(graph.readsFrom[to]).toBe(from);
          }
        }
      }),
      { numRuns: runs },
    );
  });
});
