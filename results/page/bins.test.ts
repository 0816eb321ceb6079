import { expect, test } from '@jest/globals';
import { neverTick } from '../report/report-data.ts';
import { binsOf } from './bins.ts';
import type { Columns } from './operations.ts';

/** Completions with their outcome (0 ok, 1 fail, 2 info). */
const completions = (...rows: readonly (readonly [completed: number, outcome: number])[]): Columns => {
  const zeros = new Uint32Array(rows.length);
  return {
    count: rows.length,
    invoked: zeros,
    completed: Uint32Array.from(rows.map(([at]) => at)),
    due: zeros,
    point: zeros,
    key: zeros,
    outcome: Uint8Array.from(rows.map(([, outcome]) => outcome)),
    kind: new Uint8Array(rows.length),
    client: new Uint16Array(rows.length),
    argument: new Int32Array(rows.length),
    result: new Int32Array(rows.length),
  };
};
const columns = completions([5, 0], [12, 0], [19, 1], [20, 0], [29, 2], [neverTick, 2], [45, 0]);
const all = new Uint8Array(7).fill(1);

test('counts completions by outcome; what never completed is in no bin', () => {
  const bins = binsOf(columns, all, { from: 0, to: 50 }, 10);
  expect(bins).toEqual({
    first: 0,
    width: 10,
    ok: Float64Array.of(1, 1, 1, 0, 1),
    fail: Float64Array.of(0, 1, 0, 0, 0),
    info: Float64Array.of(0, 0, 1, 0, 0),
  });
});

test('edges lie at multiples of the width wherever one looks, and what is filtered out does not count', () => {
  const bins = binsOf(columns, Uint8Array.of(1, 1, 1, 0, 1, 1, 1), { from: 13, to: 27 }, 10);
  expect(bins).toMatchObject({
    first: 10,
    ok: Float64Array.of(1, 0),
    fail: Float64Array.of(1, 0),
    info: Float64Array.of(0, 1),
  });
});
