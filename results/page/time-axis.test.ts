import { expect, test } from '@jest/globals';
import { makeTimeAxis } from './time-axis.ts';

test('zooms around a time, which stays where it is', () => {
  const axis = makeTimeAxis(1000);
  axis.zoom(0.5, 250);
  expect(axis.range()).toEqual({ from: 125, to: 625 });
  axis.zoom(2, 250);
  expect(axis.range()).toEqual(axis.whole);
});

test('moves up to the ends of the run and keeps its span there', () => {
  const axis = makeTimeAxis(1000);
  axis.show({ from: 400, to: 600 });
  axis.pan(0.5);
  expect(axis.range()).toEqual({ from: 500, to: 700 });
  axis.pan(10);
  expect(axis.range()).toEqual({ from: 800, to: 1000 });
  axis.pan(-10);
  expect(axis.range()).toEqual({ from: 0, to: 200 });
});

test('shows never less than ten ticks, and never more than the run', () => {
  const axis = makeTimeAxis(1000);
  axis.show({ from: 500, to: 500 });
  expect(axis.range()).toEqual({ from: 495, to: 505 });
  axis.show({ from: -500, to: 5000 });
  expect(axis.range()).toEqual({ from: 0, to: 1000 });
  expect(makeTimeAxis(0).whole).toEqual({ from: 0, to: 10 });
});

test('tells of changes only', () => {
  const axis = makeTimeAxis(1000);
  let ranges = 0;
  let cursors = 0;
  axis.onRange(() => ranges++);
  axis.onCursor(() => cursors++);
  axis.show(axis.whole);
  axis.pan(1);
  axis.point(null);
  expect([ranges, cursors]).toEqual([0, 0]);
  axis.zoom(0.5);
  axis.point(5);
  axis.point(5);
  expect([ranges, cursors]).toEqual([1, 1]);
});
