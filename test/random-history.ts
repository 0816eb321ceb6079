/** Random histories of small objects: mostly right, sometimes wrong, sometimes without an answer. */
import fc from 'fast-check';
import { models } from '../checker/models/models.ts';
import type { EventType, HistoryEvent } from '../core/history.ts';
import type { Json } from '../core/json.ts';
import type { Model } from '../core/model.ts';
import { nanos } from '../core/units.ts';

/** How a random history asks and answers: what process does next, and with what. */
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

export type Ask = (step: Step, unique: number) => { readonly f: string; readonly value: Json };

/** A process invokes, then the object does it, then the process hears of it: rightly, wrongly, or never. */
export function historyOf(
  steps: readonly Step[],
  model: Model<unknown>,
  ask: Ask,
  answer: (state: unknown, f: string, value: Json, step: Step) => Json,
  limits: { readonly operations: number; readonly unknown: number },
): HistoryEvent[] {
  const history: HistoryEvent[] = [];
  const doing = new Map<number, { f: string; value: Json; result?: Json; process: number }>();
  let state = model.initial();
  let retired = 0;
  let asked = 0;
  const write = (type: EventType, process: number, f: string, value: Json): void => {
    const index = history.length;
    history.push({ index, time: nanos(index), process, type, f, key: 'x', value });
  };
  for (const [at, step] of steps.entries()) {
    const current = doing.get(step.process);
    if (current === undefined && asked === limits.operations) continue;
    if (current === undefined) {
      asked += 1;
      const process = step.process + 16 * retired;
      const { f, value } = ask(step, at + 1);
      doing.set(step.process, { f, value, process });
      write('invoke', process, f, value);
    } else if (step.kind === 0 && retired < limits.unknown) {
      retired += 1;
      doing.delete(step.process);
      write('info', current.process, current.f, current.value);
    } else if (current.result === undefined) {
      const { f, value } = current;
      current.result = answer(state, f, value, step);
      state = model.step(state, { f, key: 'x', value, result: current.result }) ?? state;
    } else {
      const { f, value } = current;
      const result = step.kind === 1 ? answer(model.initial(), f, value, step) : current.result;
      doing.delete(step.process);
      write('ok', current.process, f, result);
    }
  }
  return history;
}

const itemsOf = (state: unknown, model: Model<unknown>): readonly Json[] =>
  JSON.parse(model.describeState?.(state) ?? '[]') as readonly Json[];

/** Ways to use each object, by name. */
export const objects: Record<string, { ask: Ask; answer: Parameters<typeof historyOf>[3]; model: string }> =
  {};
for (const isUnique of [true, false]) {
  objects[`register, ${isUnique ? 'unique' : 'repeated'} values`] = {
    model: 'register',
    ask: ({ kind, value, other }, unique) => {
      if (kind % 3 === 0) return { f: 'read', value: null };
      const written = isUnique ? unique : value;
      return kind % 3 === 1 ? { f: 'write', value: written } : { f: 'cas', value: [other, written] };
    },
    answer: (state, f, value, step) => {
      const held = JSON.parse(models['register']?.describeState?.(state) ?? 'null') as Json;
      if (f === 'read') return step.kind === 2 ? step.value : held;
      if (f === 'write') return null;
      return (value as readonly Json[])[0] === held;
    },
  };
  objects[`queue, ${isUnique ? 'unique' : 'repeated'} values`] = {
    model: 'queue',
    ask: ({ kind, value }, unique) =>
      kind % 2 === 0 ? { f: 'dequeue', value: null } : { f: 'enqueue', value: isUnique ? unique : value },
    answer: (state, f, _, step) => {
      if (f === 'enqueue') return null;
      return step.kind === 2 ? step.value + 1 : (itemsOf(state, models['queue']!)[0] ?? null);
    },
  };
  objects[`log, ${isUnique ? 'unique' : 'repeated'} values`] = {
    model: 'log',
    ask: ({ kind, value }, unique) =>
      kind % 3 === 0 ? { f: 'read', value: null } : { f: 'append', value: isUnique ? unique : value },
    answer: (state, f, _, step) => {
      const items = itemsOf(state, models['log']!);
      if (f === 'read') return step.kind === 2 ? items.slice(0, -1) : items;
      return items.length + (step.kind === 2 ? 2 : 1);
    },
  };
}
