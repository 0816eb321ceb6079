import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { historyOf, objects, stepOf } from '../../test/random-history.ts';
import { models } from '../models/models.ts';
import { rowsOf, tableOf } from './operation-table.ts';
import { partsOf } from './parts.ts';

test('each part has the rows of its key, in their order', () => {
  const object = objects['register, unique values']!;
  fc.assert(
    fc.property(fc.array(stepOf(3, 6), { minLength: 5, maxLength: 60 }), (steps) => {
      const history = historyOf(steps, object, { operations: 30, unknown: 4 });
      const table = tableOf(history.map((event) => ({ ...event, key: (event.process % 16) % 3 })));
      const parts = partsOf(table, models['kv']!);
      const placed = parts.flatMap(({ rows }) => [...rows]).sort((a, b) => a - b);
      expect(placed).toEqual(Array.from({ length: table.count }, (_, row) => row));
      for (const part of parts) {
        expect(Object.entries(part.table)).toEqual(Object.entries(rowsOf(table, part.rows)));
        const keys = new Set(part.table.key);
        expect([...keys].map((key) => JSON.stringify(table.values.valueOf(key)))).toEqual([part.name]);
      }
    }),
  );
});
