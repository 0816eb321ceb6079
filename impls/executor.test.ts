import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Executor } from './executor.ts';

/** An executor in a time of its own; its timer fires late by what `lateMs` says, or early if that is negative. */
function rig(serviceMs: number, lateMs: () => number = () => 0) {
  const log: [name: string, atMs: number][] = [];
  let now = 0;
  let timerAt: number | null = null;
  const executor = new Executor(
    {
      now: () => now,
      setTimer: (name, afterMs) => {
        expect(name).toBe('service');
        timerAt = now + Math.max(0.05, afterMs + lateMs());
      },
    },
    serviceMs,
  );
  const advance = (toMs: number): void => {
    for (let steps = 0; timerAt !== null && timerAt <= toMs; steps++) {
      if (steps > 10_000) throw new Error('the timer never ends');
      now = timerAt;
      timerAt = null;
      executor.timer('service');
    }
    now = toMs;
  };
  const run = (name: string, job = () => {}): void =>
    executor.run(() => {
      log.push([name, now]);
      job();
    });
  return { executor, log, run, advance, hasTimer: () => timerAt !== null };
}

test('without a processing time every job runs at once, and no timer is set', () => {
  const { run, log, hasTimer } = rig(0);
  run('a', () => run('b'));
  run('c');
  expect(log.map(([name]) => name)).toEqual(['a', 'b', 'c']);
  expect(hasTimer()).toBe(false);
});

test('jobs run in order, each its time after the one before it, or after it came', () => {
  const { run, log, advance } = rig(5);
  run('a');
  run('b');
  advance(7);
  expect(log).toEqual([['a', 5]]);
  advance(20);
  run('c');
  advance(24.9);
  expect(log).toHaveLength(2);
  advance(30);
  expect(log).toEqual([
    ['a', 5],
    ['b', 10],
    ['c', 25],
  ]);
});

test('a job may bring the next one', () => {
  const { run, log, advance } = rig(5);
  run('a', () => run('b'));
  advance(20);
  expect(log).toEqual([
    ['a', 5],
    ['b', 10],
  ]);
});

test('what is dropped never runs, and what comes then has its whole time', () => {
  const { executor, run, log, advance } = rig(5);
  run('a');
  run('b');
  advance(4);
  executor.drop();
  run('c');
  advance(8.9);
  expect(log).toEqual([]);
  advance(50);
  expect(log).toEqual([['c', 9]]);
});

test('finish runs all that waits, once', () => {
  const { executor, run, log, advance } = rig(5);
  run('a', () => run('later'));
  run('b');
  advance(1);
  executor.finish();
  expect(log).toEqual([
    ['a', 1],
    ['b', 1],
  ]);
  advance(50);
  expect(log.slice(2)).toEqual([['later', 6]]);
});

test('a job that drops the others is the last one', () => {
  const { executor, run, log, advance } = rig(0.5, () => 2);
  run('a', () => executor.drop());
  run('b');
  advance(50);
  expect(log.map(([name]) => name)).toEqual(['a']);
});

test('timers of others are none of its business', () => {
  const { executor, run, log } = rig(5);
  run('a');
  executor.timer('beat');
  expect(log).toEqual([]);
});

test('timers that fire late or early shorten no execution and slow no queue down', () =>
  fc.assert(
    fc.property(
      fc.constantFrom(0.25, 1, 2.5, 5),
      fc.array(fc.double({ min: -1, max: 1.9, noNaN: true }), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 60 }),
      (serviceMs, lateness, count) => {
        let draws = 0;
        const { run, log, advance } = rig(serviceMs, () => lateness[draws++ % lateness.length]!);
        for (let i = 0; i < count; i++) run(String(i));
        advance(1000);
        expect(log.map(([name]) => name)).toEqual(Array.from({ length: count }, (_, i) => String(i)));
        for (const [i, [, atMs]] of log.entries()) {
          expect(atMs).toBeGreaterThanOrEqual((i + 1) * serviceMs);
          expect(atMs).toBeLessThan((i + 1) * serviceMs + 2);
        }
      },
    ),
  ));

test('a process that was stopped has not executed meanwhile', () => {
  let isStopped = true;
  const { run, log, advance } = rig(5, () => (isStopped ? 300 : 0));
  for (let i = 0; i < 20; i++) run(String(i));
  isStopped = false;
  advance(306);
  expect(log).toHaveLength(1);
  advance(350);
  expect(log).toHaveLength(10);
});
