import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { unpackColumns } from './column-layout.ts';
import { encodeColumns } from './encode-columns.ts';
import { neverTick, type OperationColumns } from './report-data.ts';

const tick = fc.integer({ min: 0, max: neverTick - 1 });
const row = fc
  .record({
    invoked: tick,
    lasted: fc.option(fc.nat(1_000_000)),
    early: fc.nat(1000),
    point: fc.option(fc.nat(1000)),
    key: fc.nat(),
    argument: fc.integer({ min: -1, max: 100_000 }),
    result: fc.integer({ min: -1, max: 100_000 }),
    client: fc.nat(65_535),
    outcome: fc.nat(2),
    kind: fc.nat(255),
  })
  .map(({ invoked, lasted, early, point, ...others }) => ({
    ...others,
    invoked,
    completed: lasted === null ? neverTick : Math.min(neverTick - 1, invoked + lasted),
    due: Math.max(0, invoked - early),
    point: point === null ? neverTick : Math.min(neverTick - 1, invoked + point),
  }));

type Row = typeof row extends fc.Arbitrary<infer Value> ? Value : never;

const columnsOf = (rows: readonly Row[]): OperationColumns => ({
  count: rows.length,
  invoked: Uint32Array.from(rows, ({ invoked }) => invoked),
  completed: Uint32Array.from(rows, ({ completed }) => completed),
  due: Uint32Array.from(rows, ({ due }) => due),
  point: Uint32Array.from(rows, ({ point }) => point),
  key: Uint32Array.from(rows, ({ key }) => key),
  argument: Int32Array.from(rows, ({ argument }) => argument),
  result: Int32Array.from(rows, ({ result }) => result),
  client: Uint16Array.from(rows, ({ client }) => client),
  outcome: Uint8Array.from(rows, ({ outcome }) => outcome),
  kind: Uint8Array.from(rows, ({ kind }) => kind),
});

test('what was packed for the page is unpacked as it was', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
      const columns = columnsOf(rows);
      const { header, text } = encodeColumns(columns);
      // As the page has it: base64 of gzip, and a header that went through JSON.
      const bytes = new Uint8Array(gunzipSync(Buffer.from(text, 'base64')));
      const stored: unknown = JSON.parse(JSON.stringify(header));
      expect(stored).toEqual(header);
      expect(unpackColumns(header, bytes)).toEqual(columns);
    }),
    { numRuns: 200 },
  );
});
