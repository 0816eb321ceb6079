import * as fc from 'fast-check';
import { makeScheduler } from './scheduler.ts';

const unlimited = { untilMs: Infinity, actionsMax: Infinity };

test('does actions by time, and by insertion where times are equal', () =>
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (times) => {
      const scheduler = makeScheduler();
      const done: { time: number; order: number }[] = [];
      times.forEach((time, order) =>
        scheduler.at(time, () => {
          expect(scheduler.now).toBe(time);
          done.push({ time, order });
        }),
      );
      expect(scheduler.run(unlimited)).toBe('empty');
      expect(done).toEqual([...done].sort((a, b) => a.time - b.time || a.order - b.order));
      expect(done).toHaveLength(times.length);
    }),
  ));

test('what an action adds is done too, and never in the past', () => {
  const scheduler = makeScheduler();
  const seen: number[] = [];
  scheduler.at(5, () => {
    scheduler.at(2, () => seen.push(scheduler.now));
    scheduler.after(3, () => seen.push(scheduler.now));
  });
  scheduler.run(unlimited);
  expect(seen).toEqual([5, 8]);
});

test('stops where it is told to', () => {
  const scheduler = makeScheduler();
  const tick = (): void => scheduler.after(1, tick);
  tick();
  expect(scheduler.run({ untilMs: 10, actionsMax: Infinity })).toBe('time');
  expect(scheduler.now).toBe(10);
  expect(scheduler.run({ untilMs: Infinity, actionsMax: 20 })).toBe('actions');
  expect(scheduler.done).toBe(20);
  scheduler.after(0, () => scheduler.stop());
  expect(scheduler.run(unlimited)).toBe('stopped');
});
