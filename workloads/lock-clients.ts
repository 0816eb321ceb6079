import type { HistoryEvent } from '../core/history.ts';
import { isJsonObject, type Json } from '../core/json.ts';

/** A token that holds its lock, as far as clients know. */
export interface Hold {
  readonly key: string;
  readonly token: number;
  /** The process that was given it; null: it is gone, or was never told. */
  readonly holder: number | null;
  /** When clients came to know of it: the number of the operation. */
  readonly since: number;
}

/** What all clients together know of some locks. */
export interface LockClients {
  /** A hold of this process that nobody is about to end. */
  holdOf(process: number): Hold | undefined;
  /** A hold that nobody is about to end and that others may end: it began before that operation, or its holder is gone. */
  holdToEnd(before: number): Hold | undefined;
  /** An acquire of the lock would be in vain, and nobody knows why: a read tells. */
  isMystery(key: string): boolean;
  /** Tokens of a lock that were released, the latest last. */
  released(key: string): readonly number[];
  asked(process: number, f: string, key: string, value: Json): void;
  /** `at`: how many operations were asked for by then. */
  completed(invocation: HistoryEvent, completion: HistoryEvent, at: number): void;
}

interface Lock {
  readonly key: string;
  readonly holds: Map<number, Hold>;
  /** Tokens of which a release is under way. */
  readonly ending: Set<number>;
  /** Processes whose acquire is under way. */
  readonly acquiring: Set<number>;
  /** Tokens that were read and that nobody is known to hold, each with the acquires that may be answered with it yet. */
  readonly strangers: Map<number, Set<number>>;
  readonly released: number[];
  isMystery: boolean;
}

const releasedMax = 32;

/**
 * Keeps the books, so that no lock stays held for ever: a holder that is gone (its acquire, or another operation of its process, was never
 * answered) has others end its hold. A token that a read shows belongs to such a holder if no acquire under way is answered with it.
 */
export function makeLockClients(keys: readonly string[]): LockClients {
  const locks = new Map(keys.map((key) => [key, newLock(key)]));
  const find = (condition: (hold: Hold) => boolean): Hold | undefined => {
    for (const { holds, ending } of locks.values()) {
      for (const hold of holds.values()) if (!ending.has(hold.token) && condition(hold)) return hold;
    }
    return undefined;
  };
  const forsake = (process: number): void => {
    for (const { holds } of locks.values()) {
      for (const hold of holds.values())
        if (hold.holder === process) holds.set(hold.token, { ...hold, holder: null });
    }
  };

  return {
    holdOf: (process) => find(({ holder }) => holder === process),
    holdToEnd: (before) => find(({ holder, since }) => holder === null || since < before),
    isMystery: (key) => locks.get(key)?.isMystery === true,
    released: (key) => locks.get(key)?.released ?? [],
    asked: (process, f, key, value) => {
      const lock = locks.get(key);
      if (f === 'acquire') lock?.acquiring.add(process);
      if (f === 'release') lock?.ending.add(value as number);
    },
    completed: (invocation, completion, at) => {
      const lock = locks.get(invocation.key as string);
      if (lock === undefined) return;
      const answer = completion.type === 'ok' ? completion.value : undefined;
      if (invocation.f === 'acquire') acquireEnded(lock, invocation.process, answer, at);
      else if (invocation.f === 'release') releaseEnded(lock, invocation.value as number, answer);
      else readEnded(lock, answer);
      settleStrangers(lock, at);
      if (completion.type === 'info') forsake(invocation.process);
    },
  };
}

const newLock = (key: string): Lock => ({
  key,
  holds: new Map(),
  ending: new Set(),
  acquiring: new Set(),
  strangers: new Map(),
  released: [],
  isMystery: false,
});

const tokenOf = (answer: Json | undefined): number | null =>
  isJsonObject(answer) && typeof answer['token'] === 'number' ? answer['token'] : null;

function acquireEnded(lock: Lock, process: number, answer: Json | undefined, at: number): void {
  const { key, holds, acquiring, strangers } = lock;
  acquiring.delete(process);
  for (const mayHave of strangers.values()) mayHave.delete(process);
  const token = tokenOf(answer);
  if (token === null) {
    if (answer === null) lock.isMystery = holds.size === 0;
    return;
  }
  strangers.delete(token);
  holds.set(token, { key, token, holder: process, since: at });
  lock.isMystery = false;
}

/** Whatever the answer, the token holds nothing any more; without one, another release must tell. */
function releaseEnded({ holds, ending, released }: Lock, token: number, answer: Json | undefined): void {
  ending.delete(token);
  if (answer === undefined) return;
  holds.delete(token);
  if (answer !== true) return;
  released.push(token);
  if (released.length > releasedMax) released.shift();
}

function readEnded(lock: Lock, answer: Json | undefined): void {
  const { holds, acquiring, strangers, released } = lock;
  if (answer === undefined) return;
  lock.isMystery = false;
  const token = tokenOf(answer);
  if (token === null || holds.has(token) || released.includes(token) || strangers.has(token)) return;
  strangers.set(token, new Set(acquiring));
}

/** A token that no acquire under way can be answered with is nobody's. */
function settleStrangers({ key, holds, strangers }: Lock, at: number): void {
  for (const [token, mayHave] of strangers) {
    if (mayHave.size > 0) continue;
    strangers.delete(token);
    holds.set(token, { key, token, holder: null, since: at });
  }
}
