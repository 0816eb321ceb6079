import fc from 'fast-check';
import type { Json } from '../../core/json.ts';
import type { Model, TimedOperation } from '../../core/model.ts';
import { historyOf, objects, stepOf, type Step } from '../../test/random-history.ts';
import { faultOf } from '../../test/oracle.ts';
import { operationsIn, tableOf, type OperationTable } from '../history/operation-table.ts';
import { partsOf } from '../history/parts.ts';
import { models } from '../models/models.ts';
import { makeSearch, makeTableSearch, type Search } from './search.ts';

const runs = Number(process.env['FTCHECK_FUZZ_RUNS'] ?? 25);
const configurationsMax = 20_000;

/**
 * Wing & Gong's search with Lowe's memo: sets of placed operations with the state, nothing else. Another algorithm than the one that is
 * tested, and quicker than brute force. Null: too much to do.
 */
function wingAndGong(
  operations: readonly TimedOperation[],
  model: Model<unknown>,
  initial: Json | undefined,
): boolean | null {
  const seen = new Set<string>();
  const place = (placed: number, state: unknown): boolean => {
    const left = operations.flatMap((operation, i) => ((placed & (1 << i)) === 0 ? [{ operation, i }] : []));
    if (left.every(({ operation }) => operation.returned === Infinity)) return true;
    const name = `${placed} ${model.fingerprint(state)}`;
    if (seen.has(name) || seen.size > configurationsMax) return false;
    seen.add(name);
    const firstReturn = Math.min(...left.map(({ operation }) => operation.returned));
    return left.some(({ operation, i }) => {
      const after = operation.called > firstReturn ? null : model.step(state, operation);
      return after !== null && place(placed | (1 << i), after);
    });
  };
  const answer = place(0, model.initial(initial));
  return !answer && seen.size > configurationsMax ? null : answer;
}

function check(
  table: OperationTable,
  model: Model<unknown>,
  { initial, search }: { readonly initial: Json | undefined; readonly search: Search },
): void {
  const expected = wingAndGong(operationsIn(table), model, initial);
  const status = search.run(200_000);
  if (expected === null || status === 'running') return;
  expect(status).toBe(expected ? 'found' : 'exhausted');
  if (status === 'found') expect(faultOf(Int32Array.from(search.order()), table, model, initial)).toBeNull();
}

describe.each(Object.entries(objects))('%s', (_, object) => {
  const { initial } = object;
  const model = models[object.model]!;
  test('agrees with Wing & Gong on up to 18 operations', () => {
    const steps = fc.array(stepOf(3, 7), { minLength: 25, maxLength: 60, size: 'max' });
    fc.assert(
      fc.property(steps, fc.constantFrom(1, 20, 1000), (given, patience) => {
        const history = historyOf(given, object, { operations: 18, unknown: 4 });
        const options = { windowBytes: 1 << 20, initial, patience };
        for (const { table } of partsOf(tableOf(history), model)) {
          check(table, model, { initial, search: makeTableSearch(model, table, options) });
          const ahead = model.lookAhead?.(operationsIn(table), initial);
          if (ahead !== undefined)
            check(table, model, { initial, search: makeSearch(model, ahead, options) });
        }
      }),
      { numRuns: runs },
    );
  });
});

test('many short bursts: what is behind a moment of quiet is forgotten, and still right', () => {
  const object = objects['register, repeated values']!;
  const model = models['register']!;
  const burst = fc.array(stepOf(3, 3), { minLength: 4, maxLength: 12, size: 'max' });
  /** All that is open is answered rightly before the next burst. */
  const settled = (steps: readonly Step[]): Step[] => [
    ...steps.map((step) => ({ ...step, kind: step.kind === 0 ? 3 : step.kind })),
    ...[0, 1, 2, 0, 1, 2].map((process) => ({ process, kind: 3, value: 0, other: 0 })),
  ];
  fc.assert(
    fc.property(fc.array(burst, { minLength: 60, maxLength: 120, size: 'max' }), (bursts) => {
      const history = historyOf(bursts.flatMap(settled), object, { operations: 5000, unknown: 0 });
      const table = tableOf(history);
      const blind: Model<unknown> = {
        name: 'blind',
        initial: model.initial,
        step: model.step,
        fingerprint: model.fingerprint,
      };
      const plain = makeSearch(model, { operations: operationsIn(table) }, { windowBytes: 1 << 20 });
      const search = makeTableSearch(blind, table, { windowBytes: 1 << 20, patience: 1 });
      const status = search.run(1_000_000);
      expect(status).toBe(plain.run(1_000_000));
      if (status === 'found') expect(faultOf(Int32Array.from(search.order()), table, model)).toBeNull();
    }),
    { numRuns: Math.ceil(runs / 5) },
  );
});
