import type { HistoryEvent } from '../core/history.ts';
import { nanos } from '../core/units.ts';
import { judgeWellFormed } from './well-formed.ts';

const good: readonly HistoryEvent[] = (
  [
    ['invoke', 0, 'read', 'x'],
    ['invoke', 1, 'write', 'y'],
    ['ok', 0, 'read', 'x'],
    ['info', 1, 'write', 'y'],
    ['invoke', 2, 'read', 'x'],
  ] as const
).map(([type, process, f, key], index) => ({
  index,
  time: nanos(index * 10),
  process,
  type,
  f,
  key,
  value: null,
}));

const doctored = (index: number, change: Partial<HistoryEvent>): HistoryEvent[] =>
  good.map((event) => (event.index === index ? { ...event, ...change } : event));

test('a sound history is valid, and says what is still open', () => {
  const { verdict, reason } = judgeWellFormed(good);
  expect(verdict).toBe('valid');
  expect(reason).toContain('1 operation without a completion');
});

test('a torn last line is told, not held against anybody', () => {
  expect(judgeWellFormed(good, ['history.jsonl:6: torn'])).toMatchObject({ verdict: 'valid' });
  expect(judgeWellFormed(good, ['history.jsonl:6: torn']).reason).toContain('torn');
});

test.each([
  ['an index that jumps', 3, { index: 7 }, 'should be 3'],
  ['time that runs back', 2, { time: nanos(5) }, 'time is before'],
  ['two operations at once', 1, { process: 0, f: 'read', key: 'x' }, 'invokes while'],
  ['an answer nobody asked for', 2, { process: 9 }, 'never invoked'],
  ['an answer to another question', 2, { f: 'write' }, 'is read'],
  ['an answer about another key', 2, { key: 'y' }, 'another key'],
  ['a process that goes on after info', 4, { process: 1 }, 'goes on after an info'],
])('%s is never blamed on the system', (_, index, change, why) => {
  const { verdict, reason } = judgeWellFormed(doctored(index, change));
  expect(verdict).toBe('unknown');
  expect(reason).toContain(why);
});
