import type { HistoryEvent } from '../../core/history.ts';
import { type MemberId, slotNamed } from '../../core/ids.ts';
import type { TraceEvent } from '../../core/trace.ts';
import { nanos } from '../../core/units.ts';
import {
  type Judged,
  type ProgressClaims,
  progressOf,
  safetyViolations,
  violationsOf,
} from './invariants.ts';

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
  const majority: ProgressClaims = { tolerates: 'majority' };
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
    expect(progressOf(judged(['n1.0', 'n2.1'], trace, false), slots, majority).isOwed).toBe(false);
    expect(violationsOf(judged(['n1.0', 'n2.1'], trace, false), 3, majority)).toEqual([]);
  });

  test('is full strength, with state everywhere and the final reads answered', () => {
    expect(violationsOf(judged(all, [...trace, synced]), 3, majority)).toEqual([]);
    expect(violationsOf(judged(all, trace), 3, majority)[0]).toContain('n3.1 never got the state');
    expect(violationsOf(judged(all, [...trace, synced], false), 3, majority)).toEqual([
      'the final reads were not answered',
    ]);
    expect(violationsOf(judged(['n1.0', 'n2.0'], [...trace, synced]), 3, majority)[0]).toContain(
      'n3.1 of the last view',
    );
    const shrunk = [...trace, view('n1.0', 4, ['n1.0', 'n2.0'])];
    expect(violationsOf(judged(all, shrunk), 3, majority)[0]).toContain('n3 is not in the last view');
  });

  test('is not owed where the last view is known to the dead alone, and the view before it has no majority', () => {
    const told = [view('n1.0', 2, ['n1.0', 'n3.0']), view('n3.0', 2, ['n1.0', 'n3.0'])];
    const untold = [...told, view('n1.0', 3, ['n1.0', 'n3.0', 'n2.1'], ['n2.1'])];
    expect(progressOf(judged(['n2.1', 'n3.0'], untold, false), slots, majority).isOwed).toBe(false);
    const learnt = [...untold, view('n2.1', 3, ['n1.0', 'n3.0', 'n2.1'], ['n2.1'])];
    expect(progressOf(judged(['n2.1', 'n3.0'], learnt, false), slots, majority).isOwed).toBe(true);
  });

  test('without views is owed while everybody lives', () => {
    expect(progressOf(judged(['n1.0'], [], false), slots, majority).isOwed).toBe(false);
    expect(violationsOf(judged(['n1.0'], [], false), 1, majority)).toEqual([
      'the final reads were not answered',
    ]);
  });
});

describe('recovery units', () => {
  const slots = ['n1', 'n2', 'n3'].map(slotNamed);
  const unit: ProgressClaims = { tolerates: 'unit' };
  const judged = (running: string[], trace: TraceEvent[], history: HistoryEvent[] = []): Judged => ({
    trace,
    history,
    violations: [],
    running: running as MemberId[],
    finalReadsAnswered: true,
  });
  /** n3 is the witness. */
  const installed = (node: string, id: number, replicas: string[], joining: string[] = [], of = 'unit') =>
    line(node, 'view', {
      unit: of,
      view: id,
      members: [...replicas, of === 'back' ? 'n6.0' : 'n3.0'],
      fresh: [...joining, of === 'back' ? 'n6.0' : 'n3.0'],
      witnesses: [of === 'back' ? 'n6.0' : 'n3.0'],
      primary: replicas[0] ?? '',
    });
  const all = ['n1.0', 'n2.1', 'n3.0'];
  const joined = all.map((node) => installed(node, 3, ['n1.0', 'n2.1'], ['n2.1']));
  const synced = line('n2.1', 'synced', { unit: 'unit', view: 3 });

  test('a witness is at full strength without state, a replica is not', () => {
    expect(violationsOf(judged(all, [...joined, synced]), 3, unit)).toEqual([]);
    expect(violationsOf(judged(all, joined), 3, unit)).toEqual([
      expect.stringContaining('n2.1 never got the state'),
    ]);
  });

  test('progress is not owed to a majority without state', () => {
    const survivors = ['n2.1', 'n3.0'];
    expect(progressOf(judged(survivors, joined), slots, unit).isOwed).toBe(false);
    expect(progressOf(judged(survivors, joined), slots, { tolerates: 'majority' }).isOwed).toBe(true);
    expect(progressOf(judged(survivors, [...joined, synced]), slots, unit).isOwed).toBe(true);
    expect(progressOf(judged(['n1.0'], [installed('n1.0', 2, ['n1.0'])]), slots, unit).isOwed).toBe(false);
  });

  test('only the first two replicas of a fan-out may go on', () => {
    const five = ['n1.0', 'n2.0', 'n3.0', 'n4.0', 'n5.0'];
    const view = line('n3.0', 'view', {
      unit: 'unit',
      view: 1,
      members: five,
      fresh: five.slice(3),
      witnesses: five.slice(3),
      primary: 'n1.0',
    });
    const owed = (running: string[], claims: ProgressClaims): boolean =>
      progressOf(
        judged(running, [view]),
        five.map((id) => slotNamed(id.slice(0, 2))),
        claims,
      ).isOwed;
    expect(owed(five.slice(2), unit)).toBe(true);
    expect(owed(five.slice(2), { ...unit, heirs: 'first-two' })).toBe(false);
    expect(owed(five.slice(1, 4), { ...unit, heirs: 'first-two' })).toBe(true);
  });

  describe('two of them', () => {
    const both: ProgressClaims = {
      ...unit,
      units: [
        ['n1', 'n2', 'n3'],
        ['n4', 'n5', 'n6'],
      ].map((own) => own.map(slotNamed)),
    };
    const front = ['n1.0', 'n2.0', 'n3.0'];
    const back = ['n4.0', 'n5.0', 'n6.0'];
    const trace = [
      ...front.map((node) => installed(node, 1, ['n1.0', 'n2.0'], [], 'front')),
      ...back.map((node) => installed(node, 1, ['n4.0', 'n5.0'], [], 'back')),
    ];

    test('number their views and their requests each for itself', () => {
      const executions = [
        line('n1.0', 'executed', { unit: 'front', request: 'c1/1/1', view: 0, n: 1 }),
        line('n4.0', 'executed', { unit: 'back', request: 'c1/1/1', view: 0, n: 2 }),
      ];
      expect(violationsOf(judged([...front, ...back], [...trace, ...executions]), 6, both)).toEqual([]);
      const twice = line('n5.0', 'executed', { unit: 'back', request: 'c1/1/1', view: 0, n: 3 });
      expect(safety([...trace, ...executions, twice])).toEqual([
        'a request takes effect once: c1/1/1 of back is position 0.2 for n4.0, position 0.3 for n5.0',
      ]);
      expect(safety([...trace, installed('n6.0', 1, ['n5.0'], [], 'back')])).toContainEqual(
        expect.stringContaining('one membership a view: view 1 of back'),
      );
    });

    test('must both be able to go on, and both be whole', () => {
      const later = ['n4.0', 'n6.0'].map((node) => installed(node, 2, ['n4.0'], [], 'back'));
      const running = [...front, 'n4.0', 'n6.0'];
      expect(violationsOf(judged(running, [...trace, ...later]), 6, both)).toEqual([
        'n5 is not in the last view, view 2 {n4.0 n6.0}',
      ]);
      expect(violationsOf(judged([...front, 'n4.0'], [...trace, ...later]), 6, both)).toEqual([]);
    });
  });

  describe('re-send queues', () => {
    const event = { index: 0, time: nanos(0), f: 'read', key: null, value: null };
    const asked = (process: number, request: string, type: 'ok' | 'info'): HistoryEvent[] => [
      { ...event, process, type: 'invoke', request },
      { ...event, process, type },
    ];
    const answered = [...asked(0, 'c1/1/1', 'info'), ...asked(1, 'c1/2/1', 'ok')];
    const queued = (node: string, ...peers: string[]): TraceEvent =>
      line(node, 'queued', { unit: 'unit', peers });
    const left = (trace: TraceEvent[], running = all, history = answered): string[] =>
      violationsOf(judged(running, [...joined, synced, ...trace], history), 3, unit);
    const execution = ['c1/1/1', 'c1/2/1', 'c2/1/1'].map((request, i) =>
      line('n1.0', 'executed', { unit: 'unit', request, view: 0, n: i + 1 }),
    );

    test('are empty in the end', () => {
      expect(left([...execution, queued('n1.0', 'c1'), queued('n1.0')])).toEqual([]);
      expect(left([...execution, queued('n1.0', 'c1', 'unit:back')])).toEqual([
        'n1.0 has outputs that c1 and unit:back never acknowledged',
      ]);
    });

    test('but for clients that gave up, and at nodes that are gone', () => {
      const gaveUp = [...answered, ...asked(2, 'c2/1/1', 'info')];
      expect(left([...execution, queued('n1.0', 'c2')], all, gaveUp)).toEqual([]);
      expect(left([...execution, queued('n1.0', 'c1')], all, gaveUp)).toHaveLength(1);
      expect(left([...execution, queued('n2.0', 'c1')])).toEqual([]);
    });

    test('are nobody’s concern where nothing is owed', () => {
      expect(left([...execution, queued('n1.0', 'c1')], ['n1.0'])).toEqual([]);
    });
  });
});
