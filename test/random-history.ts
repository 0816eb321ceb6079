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
  const items: Json[] = [];
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

const queue = (isUnique: boolean): SimulatedObject => ({
  model: 'queue',
  ask: ({ kind, value }, unique) =>
    kind % 2 === 0 ? { f: 'dequeue', value: null } : { f: 'enqueue', value: isUnique ? unique : value },
  perform: (items, f, value) => {
    if (f === 'dequeue') return items.shift() ?? null;
    items.push(value);
    return null;
  },
  lie: (items, f, _, { value }) => (f === 'dequeue' ? (items[value] ?? null) : null),
});

const log = (isUnique: boolean): SimulatedObject => ({
  model: 'log',
  ask: ({ kind, value }, unique) =>
    kind % 3 === 0 ? { f: 'read', value: null } : { f: 'append', value: isUnique ? unique : value },
  perform: (items, f, value) => (f === 'read' ? [...items] : items.push(value)),
  lie: (items, f, _, { value }) =>
    f === 'read' ? items.slice(0, items.length - value) : items.length + value,
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

/** Ways to use each object, by name. */
export const objects: Readonly<Record<string, SimulatedObject>> = {
  'register, unique values': register(true),
  'register, repeated values': register(false),
  'queue, unique values': queue(true),
  'queue, repeated values': queue(false),
  'log, unique values': log(true),
  'log, repeated values': log(false),
  lock,
};
