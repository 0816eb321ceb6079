import { describe, expect, test } from '@jest/globals';
import type { HistoryEvent } from '../core/history.ts';
import type { ClientRequest } from '../core/impl.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { makeRandom } from '../core/random.ts';
import { nanos } from '../core/units.ts';
import type { Workload } from '../core/workload.ts';
import { execute } from '../impls/apps/app.ts';
import { apps } from '../impls/apps/registry.ts';
import { kv } from './kv.ts';
import { lock } from './lock.ts';
import { nullRpc } from './null-rpc.ts';
import { queue } from './queue.ts';
import { register } from './register.ts';
import { rpc } from './rpc.ts';

interface Done extends ClientRequest {
  readonly result: Json;
}

/** Plays a workload against its application, one operation after another; every tenth answer of `lossy` runs gets lost. */
function play(
  workload: Workload,
  input: { operations?: number; options?: JsonObject; seed?: number; lossy?: boolean } = {},
) {
  const generator = workload.generator(input.options ?? {}, makeRandom(input.seed ?? 1));
  const keys = new Map<string, Json | undefined>();
  const states = {
    read: (key: string) => keys.get(key),
    write: (key: string, state: Json | undefined) => void keys.set(key, state),
  };
  const chance = makeRandom(1);
  const ask = (request: ClientRequest): Done => ({
    ...request,
    result: execute(apps[workload.app]!, request, states, ({ make }) => make(() => chance.unit(), 0)),
  });
  const done: Done[] = [];
  for (let i = 0; i < (input.operations ?? 2000); i++) {
    const operation = ask(generator.next(i % 5));
    done.push(operation);
    const invocation: HistoryEvent = {
      index: 2 * i,
      time: nanos(i),
      process: i % 5,
      type: 'invoke',
      ...operation,
    };
    const isLost = input.lossy === true && i % 10 === 0;
    const answer = isLost
      ? { type: 'info' as const, error: 'timeout' }
      : { type: 'ok' as const, value: operation.result };
    generator.completed(invocation, { ...invocation, index: 2 * i + 1, ...answer });
  }
  return { done, final: generator.finalReads().map(ask) };
}

const writes = (done: readonly Done[]): Json[] =>
  done.flatMap(({ f, value }) => {
    if (f === 'cas') return [(value as Json[])[1]!];
    return ['write', 'enqueue', 'append'].includes(f) ? [value] : [];
  });

const named = (workloads: readonly Workload[]) =>
  workloads.map((workload) => ({ name: workload.name, workload }));

describe.each(named([register, kv, queue, rpc, lock]))('$name', ({ workload }) => {
  const { done, final } = play(workload);

  test('asks all kinds of operations, and its application knows them', () => {
    expect(new Set(done.map(({ f }) => f))).toEqual(new Set(workload.operationKinds));
    for (const { result } of [...done, ...final]) expect(JSON.stringify(result)).not.toContain('refused');
  });

  test('equal seeds, equal operations', () => {
    expect(play(workload, { seed: 5 }).done).toEqual(play(workload, { seed: 5 }).done);
    expect(play(workload, { seed: 5 }).done).not.toEqual(play(workload, { seed: 6 }).done);
  });

  test('final reads see every key that was in use', () => {
    expect(new Set(final.map(({ key }) => key))).toEqual(
      new Set(done.filter(({ f }) => f !== 'read').map(({ key }) => key)),
    );
  });
});

test.each(named([register, kv, queue, rpc]))('$name: every written value is unique', ({ workload }) => {
  const written = writes(play(workload).done);
  expect(written.length).toBeGreaterThan(500);
  expect(new Set(written).size).toBe(written.length);
});

test('null-rpc calls, and nothing else', () => {
  const { done, final } = play(nullRpc, { operations: 10 });
  const call = { f: 'call', key: null, value: null, result: null };
  expect([...done, ...final]).toEqual(Array.from({ length: 11 }, () => call));
});

test('a good part of the cas succeed', () => {
  const cas = play(kv).done.filter(({ f }) => f === 'cas');
  expect(cas.filter(({ result }) => result === true).length / cas.length).toBeGreaterThan(0.6);
  expect(cas.filter(({ result }) => result === false).length).toBeGreaterThan(10);
});

test('kv has as many keys as asked for', () => {
  expect(new Set(play(kv).done.map(({ key }) => key)).size).toBe(5);
  expect(new Set(play(kv, { options: { keys: 2 } }).done.map(({ key }) => key)).size).toBe(2);
});

test('weights decide the mix', () => {
  expect(play(kv, { options: { cas: 0, write: 0 } }).done.every(({ f }) => f === 'read')).toBe(true);
});

test.each([false, true])(
  'queues stay short and are empty after the final dequeues (answers lost: %s)',
  (lossy) => {
    const { done, final } = play(queue, { operations: 5000, lossy });
    expect(final.length).toBeLessThan(lossy ? 700 : 100);
    const last = new Map(final.map(({ key, result }) => [key, result]));
    expect([...last.values()]).toEqual([null, null, null]);
    expect(done.filter(({ f, result }) => f === 'dequeue' && result !== null).length).toBeGreaterThan(1500);
  },
);

test('lists end, so that a history does not grow with the square of the run', () => {
  const { done, final } = play(rpc, { operations: 5000 });
  expect(Math.max(...done.filter(({ f }) => f === 'append').map(({ result }) => Number(result)))).toBe(100);
  const read = final.flatMap(({ result }) => result as Json[]);
  expect(new Set(read)).toEqual(new Set(writes(done)));
});
