import { foreseenOperations } from './timeline-operations.ts';
import { roles, makeTimeline } from './timeline.ts';
import { windowOf } from './search-window.ts';

const operation = (f: string, value: number, called: number, returned: number) => ({
  f,
  key: null,
  value,
  result: null,
  called,
  returned,
});

test('a stretch asks less: what was open before it may have been placed, what is open after it may be', () => {
  const operations = foreseenOperations({
    operations: [
      operation('write', 1, 0, 10), // returns before
      operation('write', 2, 1, 30), // open before, returns within
      operation('read', 3, 2, 31), // the same, but changes nothing
      operation('write', 4, 3, Infinity), // unknown, called before
      operation('write', 5, 12, 32), // within
      operation('read', 6, 13, 33),
      operation('write', 7, 31.5, Infinity), // unknown, called within
      operation('write', 8, 4, 50), // open before and after
      operation('write', 9, 20, 51), // open after
      operation('write', 10, 40, 52), // later
      operation('read', 11, 21, 53),
    ].sort((a, b) => a.called - b.called),
  });
  const timeline = makeTimeline(operations, (kind) => operations.kindAt(kind).f === 'read');
  const to = timeline.returned.indexOf(33);
  const window = windowOf(timeline, 1, to);
  const valuesOf = (kinds: Iterable<number>) => Array.from(kinds, (kind) => operations.kindAt(kind).value);
  expect(valuesOf(window.kinds)).toEqual([2, 5, 6]);
  expect([...window.roles]).toEqual([roles.optional, roles.mutator, roles.pure]);
  expect([...window.returned]).toEqual([30, 32, 33]);
  const unknown = window.unknown.map(({ kind, from }) => [operations.kindAt(kind).value, [...from]]);
  // Of each the event from which on it can be used.
  expect(unknown).toEqual([
    [4, [0]],
    [7, [1]],
    [8, [0]],
    [9, [0]],
  ]);
});
