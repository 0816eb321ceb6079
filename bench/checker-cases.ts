import type { Json } from '../core/json.ts';
import type { HistoryShape } from './checker-histories.ts';

/** One history to be judged: simulated, or a file that is there. */
export interface CheckerCase {
  readonly model: string;
  readonly shape?: HistoryShape;
  readonly seed: number;
  readonly path?: string;
  readonly reading: { readonly initial?: Json; readonly failedCas?: 'differs' | 'drop' };
  readonly limitMs: number;
  readonly limitMb: number;
}

/** What it took. Times in milliseconds, memory in megabytes: the peak while reading, and what checking added at its peak. */
export interface CheckerFigures {
  readonly verdict: string;
  readonly reason: string;
  readonly readMs: number;
  readonly readPeakMb: number;
  /** To a verdict, and to a verdict with all that is told of it: coverage, and on `invalid` the smallest counterexample and what still holds. */
  readonly checkMs: number;
  readonly toldMs: number;
  readonly moreMb: number;
}

/** A row of the table: a history in several lengths. */
export interface CheckerRow {
  readonly name: string;
  readonly model: string;
  readonly shape: Omit<HistoryShape, 'operations'>;
  readonly expected: 'valid' | 'invalid';
  readonly operations: readonly number[];
  /** What Porcupine took on such a history, where that was measured, and the goal for the longest. */
  readonly porcupine: string;
  readonly goal: string;
}

const plain = { keys: 1, unknown: 0, isBad: false };
const lengths = [1_000, 10_000, 100_000, 1_000_000];
const none = '';

/** Rows by object, then by clients. */
export const checkerRows: readonly CheckerRow[] = [
  row(
    'register, 5 clients',
    'register',
    { object: 'register', clients: 5 },
    '100k: 9.2 s, 3 GB; 1M: none in 60 s',
    '0.3 s',
  ),
  row(
    'register, 30 clients',
    'register',
    { object: 'register', clients: 30 },
    '1k: none in 60 s, 5 GB',
    '0.3 s',
  ),
  row(
    'register, 100 clients, 1 % unknown',
    'register',
    { object: 'register', clients: 100, unknown: 0.01 },
    none,
    '0.3 s',
  ),
  row(
    'register, 100 clients, 1 % unknown, one stale read',
    'register',
    { object: 'register', clients: 100, unknown: 0.01, isBad: true },
    '5 clients, 10k: out of memory at 10 GB',
    '0.3 s',
  ),
  row(
    'cas (unique values), 5 clients',
    'cas-register',
    { object: 'cas', clients: 5 },
    '1M: out of memory at 19 GB',
    '0.6 s',
  ),
  row(
    'cas (unique values), 30 clients, 1 % unknown',
    'cas-register',
    { object: 'cas', clients: 30, unknown: 0.01 },
    none,
    '0.6 s',
  ),
  row(
    'kv, 100 keys, 30 clients',
    'kv',
    { object: 'register', clients: 30, keys: 100 },
    '1M: 1.9-2.7 s, 1.5 GB',
    '0.5 s',
  ),
  row('queue, 5 clients', 'queue', { object: 'queue', clients: 5 }, '10k: 15 s, 7 GB', '0.3 s'),
  row(
    'queue, 30 clients',
    'queue',
    { object: 'queue', clients: 30 },
    '10 clients, 1k: none in 60 s',
    '0.3 s',
  ),
  row(
    'queue, 30 clients, 1 % unknown',
    'queue',
    { object: 'queue', clients: 30, unknown: 0.01 },
    none,
    '0.3 s',
  ),
  row(
    'queue, 30 clients, one value twice',
    'queue',
    { object: 'queue', clients: 30, isBad: true },
    none,
    '0.3 s',
  ),
  row('stack, 10 clients', 'stack', { object: 'stack', clients: 10 }, none, none),
  row('set, 30 clients', 'set', { object: 'set', clients: 30 }, none, none),
  row('counter, 30 clients', 'counter', { object: 'counter', clients: 30 }, none, none),
  row('log, 30 clients', 'log', { object: 'log', clients: 30 }, none, none),
  {
    ...row(
      "Jepsen's cas register (5 values), 20 clients",
      'cas-register',
      { object: 'jepsen-cas', clients: 20 },
      '10k: no answer',
      none,
    ),
    operations: [1_000, 10_000],
  },
  {
    ...row(
      "Jepsen's cas register (5 values), 30 clients",
      'cas-register',
      { object: 'jepsen-cas', clients: 30 },
      '1k: no answer',
      '10k: 0.5 s',
    ),
    operations: [1_000, 10_000],
  },
];

function row(
  name: string,
  model: string,
  shape: Partial<CheckerRow['shape']> & Pick<HistoryShape, 'object' | 'clients'>,
  porcupine: string,
  goal: string,
): CheckerRow {
  return {
    name,
    model,
    shape: { ...plain, ...shape },
    expected: shape.isBad === true ? 'invalid' : 'valid',
    // What was overwritten long ago wants a history that goes on for long.
    operations: shape.isBad === true ? lengths.slice(1) : lengths,
    porcupine,
    goal,
  };
}
