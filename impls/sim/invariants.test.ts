import type { HistoryEvent } from '../../core/history.ts';
import { type MemberId, slotNamed } from '../../core/ids.ts';
import type { TraceEvent } from '../../core/trace.ts';
import { nanos } from '../../core/units.ts';
import { type Judged, progressOf, safetyViolations, violationsOf } from './invariants.ts';

const line = (
  node: string,
  event: string,
  fields: Record<string, string | number | string[]>,
): TraceEvent => ({
  time: nanos(0),
  node,
  event,
  ...fields,
});
const view = (node: string, id: number, members: string[], fresh: string[] = []): TraceEvent =>
  line(node, 'view', { view: id, members, fresh, primary: members[0] ?? '' });
const deliver = (node: string, id: number, n: number, request: string): TraceEvent =>
  line(node, 'deliver', { view: id, n, request });
const executed = (node: string, id: number, n: number, request: string): TraceEvent =>
  line(node, 'executed', { view: id, n, request });

const safety = (trace: TraceEvent[], history: HistoryEvent[] = []): string[] =>
  safetyViolations({ trace, history });

test('agreement passes', () => {
  expect(
    safety([
      view('n1.0', 1, ['n1.0', 'n2.0']),
      view('n2.0', 1, ['n1.0', 'n2.0']),
      deliver('n1.0', 1, 1, 'a'),
      deliver('n2.0', 1, 1, 'a'),
      executed('n1.0', 1, 1, 'a'),
      executed('n2.0', 1, 1, 'a'),
      line('n1.0', 'view-end', { view: 1, delivered: 1 }),
      line('n2.0', 'view-end', { view: 1, delivered: 1 }),
    ]),
  ).toEqual([]);
});

test.each([
  ['two memberships', [view('n1.0', 2, ['n1.0']), view('n2.0', 2, ['n2.0'])], 'one membership a view'],
  ['a view twice', [view('n1.0', 2, ['n1.0']), view('n1.0', 2, ['n1.0'])], 'installed view 2 after view 2'],
  [
    'two requests in a place',
    [deliver('n1.0', 1, 1, 'a'), deliver('n2.0', 1, 1, 'b')],
    'one request a position',
  ],
  ['a gap', [deliver('n1.0', 1, 1, 'a'), deliver('n1.0', 1, 3, 'b')], 'delivered 3 after 2'],
  ['an effect twice', [executed('n1.0', 1, 1, 'a'), executed('n1.0', 1, 1, 'a')], 'executed a twice'],
  [
    'an effect at two places',
    [executed('n1.0', 1, 1, 'a'), executed('n2.0', 2, 4, 'a')],
    'takes effect once',
  ],
  [
    'unequal ends',
    [
      line('n1.0', 'view-end', { view: 1, delivered: 3 }),
      line('n2.0', 'view-end', { view: 1, delivered: 4 }),
    ],
    'equal counts',
  ],
])('%s is a violation', (_, trace, says) => {
  expect(safety(trace)).toEqual([expect.stringContaining(says)]);
});

test('an answer to what nobody executed is a violation', () => {
  const event = { index: 0, time: nanos(0), process: 0, f: 'read', key: null, value: null };
  const history: HistoryEvent[] = [
    { ...event, type: 'invoke', request: 'c0/0/1' },
    { ...event, type: 'ok' },
  ];
  expect(safety([executed('n1.0', 1, 1, 'c0/0/1')], history)).toEqual([]);
  expect(safety([executed('n1.0', 1, 1, 'c0/0/2')], history)).toEqual([
    'c0/0/1 was answered and executed by nobody',
  ]);
});

describe('progress', () => {
  const slots = ['n1', 'n2', 'n3'].map(slotNamed);
  const judged = (running: string[], trace: TraceEvent[], finalReadsAnswered = true): Judged => ({
    trace,
    history: [],
    violations: [],
    running: running as MemberId[],
    finalReadsAnswered,
  });
  const all = ['n1.0', 'n2.0', 'n3.1'];
  const trace = [view('n1.0', 1, ['n1.0', 'n2.0', 'n3.0']), view('n2.0', 3, all, ['n3.1'])];
  const synced = line('n3.1', 'synced', { view: 3 });

  test('is not owed once a majority of the last view is gone', () => {
    expect(progressOf(judged(['n1.0', 'n2.1'], trace, false), slots).isOwed).toBe(false);
    expect(violationsOf(judged(['n1.0', 'n2.1'], trace, false), 3)).toEqual([]);
  });

  test('is full strength, with state everywhere and the final reads answered', () => {
    expect(violationsOf(judged(all, [...trace, synced]), 3)).toEqual([]);
    expect(violationsOf(judged(all, trace), 3)[0]).toContain('n3.1 never got the state');
    expect(violationsOf(judged(all, [...trace, synced], false), 3)).toEqual([
      'the final reads were not answered',
    ]);
    expect(violationsOf(judged(['n1.0', 'n2.0'], [...trace, synced]), 3)[0]).toContain(
      'n3.1 of the last view',
    );
    const shrunk = [...trace, view('n1.0', 4, ['n1.0', 'n2.0'])];
    expect(violationsOf(judged(all, shrunk), 3)[0]).toContain('n3 is not in the last view');
  });

  test('is not owed where the last view is known to the dead alone, and the view before it has no majority', () => {
    const told = [view('n1.0', 2, ['n1.0', 'n3.0']), view('n3.0', 2, ['n1.0', 'n3.0'])];
    const untold = [...told, view('n1.0', 3, ['n1.0', 'n3.0', 'n2.1'], ['n2.1'])];
    expect(progressOf(judged(['n2.1', 'n3.0'], untold, false), slots).isOwed).toBe(false);
    const learnt = [...untold, view('n2.1', 3, ['n1.0', 'n3.0', 'n2.1'], ['n2.1'])];
    expect(progressOf(judged(['n2.1', 'n3.0'], learnt, false), slots).isOwed).toBe(true);
  });

  test('without views is owed while everybody lives', () => {
    expect(progressOf(judged(['n1.0'], [], false), slots).isOwed).toBe(false);
    expect(violationsOf(judged(['n1.0'], [], false), 1)).toEqual(['the final reads were not answered']);
  });
});
