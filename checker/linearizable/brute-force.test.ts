import fc from 'fast-check';
import type { EventType, HistoryEvent } from '../../core/history.ts';
import type { Json } from '../../core/json.ts';
import type { Model } from '../../core/model.ts';
import { nanos } from '../../core/units.ts';
import { models } from '../models/models.ts';
import { partsOf, type Part } from './parts.ts';
import { makeSearch } from './search.ts';

/** The definition itself: some order that respects real time and that the object allows, in which unknown operations may be missing. */
function bruteForce(part: Part, model: Model<unknown>): boolean {
  const place = (remaining: Part['operations'], state: unknown): boolean => {
    if (remaining.every(({ returned }) => returned === Infinity)) return true;
    const firstReturn = Math.min(...remaining.map(({ returned }) => returned));
    return remaining.some((operation) => {
      if (operation.called > firstReturn) return false;
      const after = model.step(state, operation);
      return (
        after !== null &&
        place(
          remaining.filter((other) => other !== operation),
          after,
        )
      );
    });
  };
  return place(part.operations, model.initial());
}

function search(part: Part, model: Model<unknown>): boolean {
  const ahead = model.lookAhead?.(part.operations) ?? { operations: part.operations };
  const status = makeSearch(model, ahead, 1 << 20).run(1_000_000);
  expect(status).not.toBe('running');
  return status === 'found';
}

/** How a random history asks and answers: what process does next, and with what. */
interface Step {
  readonly process: number;
  readonly kind: number;
  readonly value: number;
  readonly other: number;
}

const stepOf = (values: number): fc.Arbitrary<Step> =>
  fc.record({
    process: fc.nat(3),
    kind: fc.nat(8),
    value: fc.nat(values - 1),
    other: fc.nat(values - 1),
  });

type Ask = (step: Step, unique: number) => { readonly f: string; readonly value: Json };

/** A process invokes, then the object does it, then the process hears of it: rightly, wrongly, or never. */
function historyOf(
  steps: readonly Step[],
  model: Model<unknown>,
  ask: Ask,
  answer: (state: unknown, f: string, value: Json, step: Step) => Json,
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
    if (current === undefined && asked === 7) continue; // brute force takes its time
    if (current === undefined) {
      asked += 1;
      const process = step.process + 4 * retired;
      const { f, value } = ask(step, at + 1);
      doing.set(step.process, { f, value, process });
      write('invoke', process, f, value);
    } else if (step.kind === 0 && retired < 3) {
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

const objects: Record<string, { ask: Ask; answer: Parameters<typeof historyOf>[3]; model: string }> = {};
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

const runs = Number(process.env['FTCHECK_FUZZ_RUNS'] ?? 250);
const verdicts = { linearizable: 0, not: 0 };

describe.each(Object.entries(objects))('%s', (_, { ask, answer, model: name }) => {
  const model = models[name]!;
  test.each([2, 4])('agrees with brute force, %d values', (values) => {
    fc.assert(
      fc.property(fc.array(stepOf(values), { minLength: 8, maxLength: 22, size: 'max' }), (steps) => {
        for (const part of partsOf(historyOf(steps, model, ask, answer), model)) {
          const expected = bruteForce(part, model);
          verdicts[expected ? 'linearizable' : 'not'] += 1;
          expect(search(part, model)).toBe(expected);
        }
      }),
      { numRuns: runs },
    );
  });
});

test('both verdicts were met often enough', () => {
  expect(verdicts.linearizable).toBeGreaterThan(runs);
  expect(verdicts.not).toBeGreaterThan(runs);
});
