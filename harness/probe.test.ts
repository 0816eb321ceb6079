import { expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HistoryEvent } from '../core/history.ts';
import { nanos } from '../core/units.ts';
import { Probe, type Probed } from './probe.ts';

/** A service whose answers come when the test lets them. */
function fakeService() {
  let index = 0;
  let processes = 0;
  const waiting: (() => void)[] = [];
  const startMs = performance.now();
  const now = (): number => (performance.now() - startMs) * 1e6;
  const event = (type: HistoryEvent['type'], process: number): HistoryEvent => ({
    index: index++,
    time: nanos(now()),
    process,
    type,
    f: 'read',
    key: 'k',
    value: null,
  });
  const probed: Probed = {
    trace: { now },
    makeGenerator: () => ({
      next: () => ({ f: 'read', key: 'k', value: null }),
      completed: () => {},
      finalReads: () => [],
    }),
    addClient: (_generator, _retryMs, completed) => {
      const process = processes++;
      return {
        process,
        perform: async () => {
          const invocation = event('invoke', process);
          await new Promise<void>((answer) => waiting.push(answer));
          const completion = event('ok', process);
          completed(invocation, completion);
          return completion;
        },
      };
    },
  };
  const answerAll = (): void => {
    for (const answer of waiting.splice(0)) answer();
  };
  return { probed, now, waiting, answerAll };
}

test('what falls due while every client waits is left out, and counted', async () => {
  const { probed, waiting, answerAll } = fakeService();
  const probe = new Probe(probed, { clients: 3, rate: 1000, retryMs: 100 });
  await sleep(60);
  expect(waiting).toHaveLength(3);
  const { asks } = probe.sighting;
  const total = (of: (ask: (typeof asks)[number]) => number): number =>
    asks.reduce((sum, ask) => sum + of(ask), 0);
  expect(total(({ begun }) => begun)).toBe(3);
  expect(total(({ due }) => due)).toBeGreaterThan(20);
  const stop = probe[Symbol.asyncDispose]();
  answerAll();
  await stop;
});

test('an outage ends with the first ok of an operation invoked after the fault, not of one in flight', async () => {
  const { probed, now, waiting, answerAll } = fakeService();
  const probe = new Probe(probed, { clients: 2, rate: 1000, retryMs: 100 });
  while (waiting.length < 2) await sleep(1);
  const effect = now();
  answerAll();
  await sleep(0);
  expect(probe.firstOkAfter(effect)).toBeNull();
  while (waiting.length < 1) await sleep(1);
  answerAll();
  await sleep(1);
  const { history } = probe.sighting;
  const invoked = history.find(({ type, time }) => type === 'invoke' && time > effect);
  const answered = history.find(
    ({ type, process, time }) => type === 'ok' && process === invoked?.process && time > invoked.time,
  );
  expect(probe.firstOkAfter(effect)).toBe(answered?.time);
  expect(history.map(({ index }) => index)).toEqual(
    [...history.map(({ index }) => index)].sort((a, b) => a - b),
  );
  probe.clear();
  expect(probe.sighting).toEqual({ history: [], asks: [] });
  const stop = probe[Symbol.asyncDispose]();
  answerAll();
  await stop;
});
