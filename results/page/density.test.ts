import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { densityOf } from './density.ts';

const grid = { columns: 7, rows: 5, xFrom: 10, xTo: 90, yFrom: 0, yTo: 4 };

test('no point in sight is ever lost, whatever lies around it', () => {
  const point = fc.record({
    x: fc.double({ min: 0, max: 100, noNaN: true }),
    y: fc.double({ min: -2, max: 6, noNaN: true }),
    passes: fc.nat(1),
    class: fc.nat(2),
  });
  fc.assert(
    fc.property(fc.array(point), (points) => {
      const { counts, most } = densityOf(
        {
          x: points.map(({ x }) => x),
          y: points.map(({ y }) => y),
          passes: points.map(({ passes }) => passes),
          classes: points.map((each) => each.class),
          class: 1,
        },
        0,
        points.length,
        grid,
      );
      const wanted = points.filter(
        ({ x, passes, ...each }) => each.class === 1 && passes === 1 && x >= 10 && x <= 90,
      );
      expect(counts.reduce((a, b) => a + b, 0)).toBe(wanted.length);
      expect(most).toBe(Math.max(0, ...counts));
    }),
  );
});

test('a point lies in the cell of its place, row 0 on top; beyond top and bottom it lies at the edge', () => {
  const cellsOf = (x: number, y: number): number =>
    densityOf({ x: [x], y: [y], passes: [1], classes: [0], class: 0 }, 0, 1, grid).counts.indexOf(1);
  expect([cellsOf(10, 3.9), cellsOf(90, 3.9), cellsOf(10, 0), cellsOf(90, 0)]).toEqual([0, 6, 28, 34]);
  expect([cellsOf(50, 2), cellsOf(10, 99), cellsOf(10, -99)]).toEqual([2 * 7 + 3, 0, 28]);
});
