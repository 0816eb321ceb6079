import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { HistoryJob } from '../checker/worker-job.ts';
import type { EventType } from '../core/history.ts';
import type { Json } from '../core/json.ts';
import { millis } from '../core/units.ts';
import { runChecker } from '../harness/checker-process.ts';
import { monotonicMs } from '../harness/clock.ts';
import { distPath, makeFolder } from './processes.ts';

const entry = distPath('checker/worker-main.js');

interface Told {
  readonly process: number;
  readonly type: EventType;
  readonly f: string;
  readonly value: Json;
}
interface Asked {
  readonly f: string;
  readonly value: Json;
}

const invoked = (count: number, ask: (i: number) => Asked): Told[] =>
  Array.from({ length: count }, (_, process) => ({ process, type: 'invoke', ...ask(process) }));

/** So many at once, all answered with null. */
const together = (count: number, ask: (i: number) => Asked): Told[] => {
  const asked = invoked(count, ask);
  return [...asked, ...asked.map((each): Told => ({ ...each, type: 'ok', value: null }))];
};
/** So many that are never answered. */
const unanswered = (count: number, ask: (i: number) => Asked): Told[] => {
  const asked = invoked(count, ask);
  return [...asked, ...asked.map((each): Told => ({ ...each, type: 'info' }))];
};
const alone = (f: string, value: Json, answer: Json): Told[] => [
  { process: 1000, type: 'invoke', f, value },
  { process: 1000, type: 'ok', f, value: answer },
];

interface WorstCase {
  readonly model: string;
  readonly history: readonly Told[];
  readonly initial?: Json;
}

/** As many of each as were enqueued, but one of the first thirty comes out among the last three: none of 30! orders explains it. */
const dequeued = [...Array.from({ length: 29 }, (_, i) => i % 3), 0, 2, 1, 2];
const queue: WorstCase = {
  model: 'queue',
  history: [
    ...together(30, (i) => ({ f: 'enqueue', value: i % 3 })),
    ...together(3, (value) => ({ f: 'enqueue', value })),
    ...dequeued.flatMap((value) => alone('dequeue', null, value)),
  ],
};
const accounts = ['a', 'b', 'c'];
const transfer = (i: number): Json => ({
  from: accounts[i % 3] ?? '',
  to: accounts[(i + 1) % 3] ?? '',
  amount: 1 + i,
});
const bank: WorstCase = {
  model: 'bank',
  initial: { a: 500, b: 500, c: 4000 },
  history: [
    ...unanswered(30, (i) => ({ f: 'transfer', value: transfer(i) })),
    ...alone('read', null, { a: 7, b: 3, c: 4990 }),
  ],
};
const register: WorstCase = {
  model: 'register',
  history: [
    ...unanswered(60, (i) => ({ f: 'cas', value: [i % 11, (i * 7 + 1) % 13] })),
    ...alone('write', 0, null),
    ...Array.from({ length: 30 }, (_, i) => alone('read', null, (i * 5) % 13)).flat(),
  ],
};

interface Limits {
  readonly timeMs: number;
  readonly memoryMb: number;
}

async function judged(
  { model, history, initial }: WorstCase,
  limits: Limits,
): Promise<{ readonly outcome: unknown; readonly tookMs: number }> {
  using folder = makeFolder();
  const path = join(folder.path, 'history.jsonl');
  const lines = history.map((told, index) => JSON.stringify({ index, time: index, key: null, ...told }));
  writeFileSync(path, `${lines.join('\n')}\n`);
  const job: HistoryJob = {
    type: 'history',
    path,
    file: 'history.jsonl',
    model,
    format: 'ftcheck',
    independent: false,
    criterion: 'linearizable',
    limits,
    ...(initial === undefined ? {} : { initial }),
  };
  const { signal } = new AbortController();
  const startedAt = monotonicMs();
  const outcome = await runChecker({ entry, job, ...limits, timeMs: millis(limits.timeMs), signal });
  return { outcome, tookMs: monotonicMs() - startedAt };
}

/** The process says so itself, and is not ended by somebody else. */
const ranOutOf = (limit: 'time' | 'memory') => ({
  output: {
    judgement: {
      properties: {
        linearizable: {
          verdict: 'unknown',
          reason: expect.stringContaining(`ran out of ${limit}`),
          details: { undecided: [{ limit }] },
        },
      },
    },
  },
});

test.each([
  ['thirty enqueues of three values at once', queue],
  ['thirty unknown transfers of different amounts', bank],
  ['sixty unknown cas', register],
])('a search that there is no end to stops in time: %s', async (_, worstCase) => {
  const limits = { timeMs: 3000, memoryMb: 1500 };
  const { outcome, tookMs } = await judged(worstCase, limits);
  expect(outcome).toMatchObject(ranOutOf('time'));
  expect(tookMs).toBeLessThan(limits.timeMs * 1.1);
});

test('a search stops before it takes too much memory', async () => {
  const { outcome } = await judged(queue, { timeMs: 60_000, memoryMb: 200 });
  expect(outcome).toMatchObject(ranOutOf('memory'));
});
