import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Model, TimedOperation } from '../../core/model.ts';
import { fuzzRuns } from '../../test/monitor-fuzz.ts';
import { bruteForce } from '../../test/oracle.ts';
import { historyOf, objects, stepOf } from '../../test/random-history.ts';
import { operationsIn, tableOf } from '../history/operation-table.ts';
import { partsOf } from '../history/parts.ts';
import { models } from '../models/models.ts';
import { proofOf } from './proof.ts';

const runs = fuzzRuns(30);
const small = { operations: 7, unknown: 2 };
const steps = fc.array(stepOf(4, 4), { minLength: 10, maxLength: 24, size: 'max' });

/** Every state that some order of what was called by then can end in, with everything that was answered by then; by the definition. */
function statesAt(
  position: number,
  operations: readonly TimedOperation[],
  { model, initial }: { readonly model: Model<unknown>; readonly initial: unknown },
): Set<string> {
  const states = new Set<string>();
  const isAnswered = ({ returned }: TimedOperation): boolean => returned <= position;
  const place = (remaining: readonly TimedOperation[], state: unknown): void => {
    if (!remaining.some(isAnswered)) states.add(model.fingerprint(state));
    const firstReturn = Math.min(...remaining.filter(isAnswered).map(({ returned }) => returned));
    for (const operation of remaining) {
      const after = operation.called > firstReturn ? null : model.step(state, operation);
      if (after !== null)
        place(
          remaining.filter((other) => other !== operation),
          after,
        );
    }
  };
  place(
    operations.filter(({ called }) => called <= position),
    initial,
  );
  return states;
}

describe.each(Object.entries(objects))('%s', (_, object) => {
  const { initial } = object;
  const model = models[object.model]!;

  test('whatever is said to be possible is what is possible', () => {
    fc.assert(
      fc.property(steps, (given) => {
        for (const { table } of partsOf(tableOf(historyOf(given, object, small)), model)) {
          const operations = operationsIn(table);
          const proof = proofOf(operations, model, initial);
          expect(proof === null).toBe(bruteForce(operations, model, initial));
          if (proof === null) continue;
          const question = { model, initial: proof.initial };
          const names = (states: readonly unknown[]): Set<string> =>
            new Set(states.map((state) => model.fingerprint(state)));
          for (const { operation, states } of proof.steps) {
            const { returned } = operations[operation]!;
            expect(names(states.map(({ state }) => state))).toEqual(statesAt(returned, operations, question));
            for (const { state, ifEffective } of states) {
              const called = ifEffective.map((each) => operations[each]!.called);
              expect(Math.max(-1, ...called)).toBeLessThan(returned);
              const others = operations.filter(
                (each, i) => each.returned <= returned || ifEffective.includes(i),
              );
              expect(statesAt(returned, others, question)).toContain(model.fingerprint(state));
            }
          }
          const misfit = operations[proof.misfit]!;
          expect(statesAt(misfit.returned, operations, question)).toEqual(new Set());
          const during = model.isPure?.(misfit) === true ? statesMet : statesDuring;
          expect(names(proof.meanwhile)).toEqual(during(misfit, operations, question));
          for (const state of proof.meanwhile) {
            expect(model.step(state, misfit) !== null).toBe(proof.allowing.includes(state));
          }
        }
      }),
      { numRuns: runs },
    );
  });
});

type Asked = Parameters<typeof statesAt>[2];

/** What was possible at some moment while it was open, without it. */
function statesDuring(
  misfit: TimedOperation,
  operations: readonly TimedOperation[],
  asked: Asked,
): Set<string> {
  const others = operations.filter((each) => each !== misfit);
  const states = new Set<string>();
  for (let position = misfit.called; position < misfit.returned; position++) {
    for (const state of statesAt(position, others, asked)) states.add(state);
  }
  return states;
}

/** What it can have met in some order of all the others that were called by the time of its answer. */
function statesMet(misfit: TimedOperation, operations: readonly TimedOperation[], asked: Asked): Set<string> {
  const { model, initial } = asked;
  const states = new Set<string>();
  const isAnswered = ({ returned }: TimedOperation): boolean => returned <= misfit.returned;
  const place = (remaining: readonly TimedOperation[], state: unknown, met: string | null): void => {
    if (!remaining.some(isAnswered) && met !== null) states.add(met);
    const firstReturn = Math.min(...remaining.filter(isAnswered).map(({ returned }) => returned));
    for (const operation of remaining) {
      if (operation.called > firstReturn) continue;
      const rest = remaining.filter((other) => other !== operation);
      if (operation === misfit) {
        place(rest, state, model.fingerprint(state));
        continue;
      }
      const after = model.step(state, operation);
      if (after !== null) place(rest, after, met);
    }
  };
  place(
    operations.filter(({ called }) => called <= misfit.returned),
    initial,
    null,
  );
  return states;
}
