/** Random histories of small objects: mostly right, sometimes wrong, sometimes without an answer. */
import fc from 'fast-check';
import type { EventType, HistoryEvent } from '../core/history.ts';
import type { Json } from '../core/json.ts';
import { nanos } from '../core/units.ts';

/** What happens next: to which process, and what it asks or is told. */
export interface Step {
  readonly process: number;
  readonly kind: number;
  readonly value: number;
  readonly other: number;
}

export const stepOf = (values: number, processes: number): fc.Arbitrary<Step> =>
  fc.record({
    process: fc.nat(processes - 1),
    kind: fc.nat(8),
    value: fc.nat(values - 1),
    other: fc.nat(values - 1),
  });

/** An object as it really behaves: its items, of which a register has one. */
export interface SimulatedObject {
  readonly model: string;
  /** What the model is to begin with, where it does not begin by itself. */
  readonly initial?: Json;
  ask(step: Step, unique: number): { readonly f: string; readonly value: Json };
  /** Changes the items and answers. */
  perform(items: Json[], f: string, value: Json): Json;
  /** An answer that is wrong more often than not. */
  lie(items: readonly Json[], f: string, value: Json, step: Step): Json;
}

/**
 * A process invokes, then the object performs, then the process hears of it: rightly (kind 2 and up, mostly), wrongly (kind 1), or never
 * (kind 0). Later steps of a process that was told nothing belong to a new one.
 */
export function historyOf(
  steps: readonly Step[],
  object: SimulatedObject,
  limits: { readonly operations: number; readonly unknown: number },
): HistoryEvent[] {
  const history: HistoryEvent[] = [];
  const doing = new Map<number, { f: string; value: Json; result?: Json; process: number }>();
  const items: Json[] = Array.isArray(object.initial) ? object.initial.map((item: Json) => item) : [];
  let retired = 0;
  let asked = 0;
  const write = (type: EventType, process: number, f: string, value: Json): void => {
    const index = history.length;
    history.push({ index, time: nanos(index), process, type, f, key: 'x', value });
  };
  for (const [at, step] of steps.entries()) {
    const current = doing.get(step.process);
    if (current === undefined) {
      if (asked === limits.operations) continue;
      asked += 1;
      const process = step.process + 16 * retired;
      const { f, value } = object.ask(step, at + 1);
      doing.set(step.process, { f, value, process });
      write('invoke', process, f, value);
    } else if (step.kind === 0 && retired < limits.unknown) {
      retired += 1;
      doing.delete(step.process);
      write('info', current.process, current.f, current.value);
    } else if (current.result === undefined) {
      current.result = object.perform(items, current.f, current.value);
    } else {
      const { f, value } = current;
      doing.delete(step.process);
      write('ok', current.process, f, step.kind === 1 ? object.lie(items, f, value, step) : current.result);
    }
  }
  return history;
}

const register = (isUnique: boolean): SimulatedObject => ({
  model: 'register',
  ask: ({ kind, value, other }, unique) => {
    if (kind % 3 === 0) return { f: 'read', value: null };
    const written = isUnique ? unique : value;
    return kind % 3 === 1 ? { f: 'write', value: written } : { f: 'cas', value: [other, written] };
  },
  perform: (items, f, value) => {
    const held = items[0] ?? null;
    if (f === 'read') return held;
    const [expected, replacement] = f === 'cas' && Array.isArray(value) ? (value as Json[]) : [held, value];
    if (expected === held) items[0] = replacement ?? null;
    return f === 'cas' ? expected === held : null;
  },
  lie: (items, f, _, { value }) => (f === 'read' ? value : f === 'cas' ? items.length === 0 : null),
});

const queue = (isUnique: boolean, initial?: readonly Json[]): SimulatedObject => ({
  model: 'queue',
  ...(initial && { initial }),
  ask: ({ kind, value }, unique) =>
    kind % 2 === 0 ? { f: 'dequeue', value: null } : { f: 'enqueue', value: isUnique ? unique : value },
  perform: (items, f, value) => {
    if (f === 'dequeue') return items.shift() ?? null;
    items.push(value);
    return null;
  },
  lie: (items, f, _, { value }) => (f === 'dequeue' ? (items[value] ?? null) : null),
});

const stack = (isUnique: boolean, initial?: readonly Json[]): SimulatedObject => ({
  model: 'stack',
  ...(initial && { initial }),
  ask: ({ kind, value }, unique) =>
    kind % 2 === 0 ? { f: 'pop', value: null } : { f: 'push', value: isUnique ? unique : value },
  perform: (items, f, value) => {
    if (f === 'pop') return items.pop() ?? null;
    items.push(value);
    return null;
  },
  lie: (items, f, _, { value }) => (f === 'pop' ? (items.at(-1 - value) ?? null) : null),
});

const log = (isUnique: boolean): SimulatedObject => ({
  model: 'log',
  ask: ({ kind, value }, unique) =>
    kind % 3 === 0 ? { f: 'read', value: null } : { f: 'append', value: isUnique ? unique : value },
  perform: (items, f, value) => (f === 'read' ? [...items] : items.push(value)),
  lie: (items, f, _, { value }) =>
    f === 'read' ? items.slice(0, items.length - value) : items.length + value,
});

/** Items: the text. Repeated pieces can be told apart by their lengths no more than by themselves. */
const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

const kvAppend = (isUnique: boolean): SimulatedObject => ({
  model: 'kv-append',
  ask: ({ kind, value, other }, unique) => {
    if (kind % 3 === 0) return { f: 'get', value: null };
    const piece = isUnique ? `${unique},` : (['a', 'ab', 'b', ''][value] ?? '');
    return { f: kind % 3 === 1 && other === 0 ? 'put' : 'append', value: piece };
  },
  perform: (items, f, value) => {
    const text = textOf(items[0]);
    if (f === 'get') return text;
    items[0] = (f === 'put' ? '' : text) + textOf(value);
    return null;
  },
  lie: (items, f, _, { value, other }) => {
    if (f !== 'get') return null;
    const pieces = textOf(items[0]).split(isUnique ? /(?<=,)/ : '');
    return [...pieces.slice(other), ...pieces.slice(0, other)].slice(0, pieces.length - value).join('');
  },
});

/** Items: the last token, and the holder's, or 0. Tokens are 1, 2, 3, so that a release may meet one by chance. */
const lock: SimulatedObject = {
  model: 'lock',
  ask: ({ kind, value }) => {
    if (kind % 4 === 0) return { f: 'read', value: null };
    return kind % 4 === 1 ? { f: 'release', value: value + 1 } : { f: 'acquire', value: null };
  },
  perform: (items, f, value) => {
    const [last = 0, holder = 0] = items as number[];
    if (f === 'read') return grantOf(holder);
    if (f === 'release') {
      if (holder !== value) return false;
      items[1] = 0;
      return true;
    }
    if (holder !== 0) return null;
    items.splice(0, 2, last + 1, last + 1);
    return grantOf(last + 1);
  },
  lie: (_items, f, _, { value, other }) => {
    if (f === 'release') return other === 0;
    return value === 0 ? null : { token: value, since: other === 0 ? 1 : 10 * value };
  },
};
const grantOf = (token: number): Json => (token === 0 ? null : { token, since: 10 * token });

/** Items: the elements. Every other element's operations are answered with null. */
const set = (hasReads: boolean): SimulatedObject => ({
  model: 'set',
  ask: ({ kind, value }) => {
    if (hasReads && kind % 4 === 0) return { f: 'read', value: null };
    return { f: ['contains', 'add', 'remove', 'add'][kind % 4]!, value };
  },
  perform: (items, f, value) => {
    if (f === 'read') return [...items].reverse();
    const at = items.indexOf(value);
    if (f === 'add' && at < 0) items.push(value);
    if (f === 'remove' && at >= 0) items.splice(at, 1);
    if (f !== 'contains' && Number(value) % 2 === 1) return null;
    return f === 'add' ? at < 0 : at >= 0;
  },
  lie: (items, f, _, { value, other }) => {
    if (f === 'read') return other === 0 ? [...items, value] : items.filter((_item, i) => i !== value);
    return value === 0;
  },
});

/** Items: the count. Increments of one are answered with null, others with the new count. */
const counter = (isByOne: boolean): SimulatedObject => ({
  model: 'counter',
  ask: ({ kind, value }) => {
    if (kind % 3 === 0) return { f: 'read', value: null };
    return { f: 'increment', value: isByOne ? (kind % 3 === 1 ? null : 1) : value - 1 };
  },
  perform: (items, f, value) => {
    const [count = 0] = items as number[];
    if (f === 'read') return count;
    items[0] = count + Number(value ?? 1);
    return isByOne ? null : items[0];
  },
  lie: (items, f, _, { value }) => (f === 'read' || !isByOne ? Number(items[0] ?? 0) + value - 2 : null),
});

/** Items: whether it is held. */
const mutex: SimulatedObject = {
  model: 'mutex',
  ask: ({ kind }) => ({ f: kind % 2 === 0 ? 'acquire' : 'release', value: null }),
  perform: (items, f) => {
    const isDone = (items[0] ?? false) !== (f === 'acquire');
    if (isDone) items[0] = f === 'acquire';
    return isDone ? null : false;
  },
  lie: (_items, _f, _value, { value }) => (value === 0 ? null : false),
};

/** Items: what the registers 0, 1 and 2 hold. */
const multiRegister: SimulatedObject = {
  model: 'multi-register',
  ask: ({ kind, value, other }) => {
    const first: Json = kind % 2 === 0 ? ['read', value % 3, null] : ['write', value % 3, other];
    const second: Json = kind % 3 === 0 ? ['r', other % 3, null] : ['w', other % 3, value];
    return { f: 'txn', value: kind < 4 ? [first] : [first, second] };
  },
  perform: (items, _f, value) =>
    (value as [string, number, Json][]).map(([f, register, written]) => {
      if (f.startsWith('w')) items[register] = written;
      return [f, register, items[register] ?? null];
    }),
  lie: (_items, _f, value, step) =>
    (value as [string, number, Json][]).map(([f, register, written]) =>
      f.startsWith('w') ? [f, register, written] : [f, register, step.value],
    ),
};

/** Items: the balances. */
const bank: SimulatedObject = {
  model: 'bank',
  initial: { a: 2, b: 1, c: 0 },
  ask: ({ kind, value, other }) => {
    if (kind % 3 === 0) return { f: 'read', value: null };
    return { f: 'transfer', value: { from: 'abc'[value % 3]!, to: 'abc'[other % 3]!, amount: kind % 3 } };
  },
  perform: (items, f, value) => {
    if (items.length === 0) items.push(2, 1, 0);
    const [a = 0, b = 0, c = 0] = items as number[];
    if (f === 'read') return { c, a, b };
    const { from, to, amount } = value as { from: string; to: string; amount: number };
    const [source, target] = [from, to].map((name) => 'abc'.indexOf(name)) as [number, number];
    if (Number(items[source]) < amount) return false;
    items[source] = Number(items[source]) - amount;
    items[target] = Number(items[target]) + amount;
    return null;
  },
  lie: (_items, f, _, { value, other }) =>
    f === 'read' ? { a: 3 - value, b: value, c: 0 } : other === 0 ? false : null,
};

/** Ways to use each object, by name. */
export const objects: Readonly<Record<string, SimulatedObject>> = {
  'register, unique values': register(true),
  'register, repeated values': register(false),
  'queue, unique values': queue(true),
  'queue, repeated values': queue(false),
  'queue, not empty at first': queue(true, ['a', 'b', 'c']),
  'queue, repeated values, not empty at first': queue(false, [1, 0, 1]),
  'stack, unique values': stack(true),
  'stack, repeated values': stack(false),
  'stack, not empty at first': stack(true, ['a', 'b', 'c']),
  'stack, repeated values, not empty at first': stack(false, [1, 0, 1]),
  'log, unique values': log(true),
  'log, repeated values': log(false),
  'kv-append, unique pieces': kvAppend(true),
  'kv-append, repeated pieces': kvAppend(false),
  lock,
  set: set(false),
  'set, read as a whole': set(true),
  'counter, by one': counter(true),
  'counter, answers': counter(false),
  mutex,
  'multi-register': multiRegister,
  bank,
};
