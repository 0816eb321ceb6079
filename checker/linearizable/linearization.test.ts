import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { noLimits } from '../../test/judged-run.ts';
import { historyOf, objects, stepOf } from '../../test/random-history.ts';
import { operationAt, tableOf, type OperationTable } from '../history/operation-table.ts';
import { models } from '../models/models.ts';
import { decide } from './decide.ts';
import {
  effectTimes,
  linearizationDocument,
  mergedLinearization,
  type Linearization,
} from './linearization.ts';

/** Replays all objects side by side; what is wrong, or null. */
function faultOf(table: OperationTable, { rows, points }: Linearization, name: string): string | null {
  const model = models[name]!;
  const states = new Map<string, unknown>();
  const placed = new Set(rows);
  for (let row = 0; row < table.count; row++) {
    if (operationAt(table, row).returned !== Infinity && !placed.has(row)) return `row ${row} is missing`;
  }
  let latest = -1;
  for (const [i, row] of rows.entries()) {
    const operation = operationAt(table, row);
    const point = points[i]!;
    if (point < latest) return 'points fall';
    if (point < operation.called || point >= operation.returned) return `row ${row} outside its interval`;
    latest = point;
    const key = JSON.stringify(operation.key);
    const after = model.step(states.has(key) ? states.get(key) : model.initial(), operation);
    if (after === null) return `row ${row} does not fit`;
    states.set(key, after);
  }
  return null;
}

test.each(['register, unique values', 'queue, unique values', 'log, unique values'])(
  'one order for all keys: %s',
  (name) => {
    const object = objects[name]!;
    let valid = 0;
    fc.assert(
      fc.property(fc.array(stepOf(3, 6), { minLength: 10, maxLength: 70 }), (steps) => {
        const history = historyOf(steps, object, { operations: 20, unknown: 3 });
        // Processes of one key are few, so that wrong answers on one of three keys do not spoil all.
        const table = tableOf(history.map((event) => ({ ...event, key: (event.process % 16) % 3 })));
        const decision = decide(table, { model: models[object.model]!, limits: noLimits });
        if (decision.verdict !== 'valid') return;
        valid += 1;
        const linearization = mergedLinearization(decision.parts);
        expect(faultOf(table, linearization, object.model)).toBeNull();
        const times = effectTimes(table, linearization);
        const document = [...linearizationDocument(decision.parts, models[object.model]!)].join('');
        expect(JSON.parse(document)).toEqual({
          format: 'ftcheck-linearization-1',
          parts: decision.parts.map((proven) => ({
            key: proven.part.name === '' ? null : (JSON.parse(proven.part.name) as unknown),
            order: Array.from(proven.linearization(), (row) => proven.part.table.called[row]),
          })),
        });
        expect(linearization.rows.every((row) => times[row]! >= table.callTime[row]!)).toBe(true);
      }),
    );
    expect(valid).toBeGreaterThan(5);
  },
);
