import type { PlannedFault } from '../core/fault.ts';
import type { TraceEvent } from '../core/trace.ts';
import {
  at,
  byTime,
  calmTrace,
  fault,
  faultTrace,
  historyOf,
  planOf,
  runOf,
  type Asked,
} from '../test/judged-run.ts';
import { judgeVacuity } from './vacuity.ts';

const cut = fault('f1', 'omission', 'partition');
const reads = (from: number, count: number, more: Partial<Asked> = {}): Asked[] =>
  Array.from({ length: count }, (_, i) => ({ f: 'read', from: from + 2 * i, to: from + 2 * i + 1, ...more }));
const enough = [...reads(10, 10), ...reads(210, 10), ...reads(905, 10), ...reads(210, 2, { node: 'n1' })];
const judged = (
  operations: readonly Asked[],
  faults: readonly PlannedFault[],
  events: readonly TraceEvent[],
) =>
  judgeVacuity(
    runOf({
      plan: planOf({ faults, pinned: true }),
      history: historyOf(operations),
      trace: byTime([...calmTrace(), ...events]),
    }),
  );
const partitioned = faultTrace(cut, ['n1'], 200, 400);

test('enough work, a measured effect, both sides asked', () => {
  const { verdict, details } = judged(enough, [cut], partitioned);
  expect(verdict).toBe('valid');
  expect(details?.['goals']).toContainEqual({
    name: 'asked the cut-off side of partition (f1)',
    required: true,
    reached: true,
    count: 2,
    minimum: 1,
  });
  expect(details?.['goals']).toContainEqual(
    expect.objectContaining({ name: 'duplicate met the reply cache', required: false, reached: false }),
  );
});

test('without a nemesis it says what was not proven', () => {
  const { verdict, reason } = judged(enough, [], []);
  expect(verdict).toBe('valid');
  expect(reason).toContain('proves nothing about faults');
});

test.each([
  [
    'a fault without effect',
    enough,
    partitioned.map((line) => (line.event === 'fault-end' ? { ...line, evidence: [] } : line)),
    'had no effect',
  ],
  [
    'a fault whose nemesis saw none',
    enough,
    partitioned.map((line) => (line.event === 'fault-end' ? { ...line, effect: false } : line)),
    'had no effect',
  ],
  [
    'a fault that was never injected',
    enough,
    [
      at(200, 'harness', 'fault-begin', { id: 'f1' }),
      at(201, 'harness', 'fault-end', { id: 'f1', effect: false, evidence: [], reason: 'no primary' }),
    ],
    'never in force: no primary',
  ],
  ['a phase without work', enough.filter(({ from }) => from < 900), partitioned, 'ok in settle: 0'],
  [
    'a kind that never succeeds',
    [...enough, { f: 'cas', from: 300, to: 310, type: 'info' as const }],
    partitioned,
    'ok cas: 0',
  ],
  [
    'a cut that nobody tried from inside',
    enough.filter(({ node }) => node === undefined),
    partitioned,
    'cut-off side',
  ],
  ['a run without operations', [], partitioned, 'ok'],
])('a pass would mean nothing: %s', (_, operations, events, why) => {
  const { verdict, reason } = judged(operations, [cut], events);
  expect(verdict).toBe('unknown');
  expect(reason).toContain(why);
});

test('a crash within the claim must have changed the view', () => {
  const crash = fault('f1');
  const killed = faultTrace(crash, ['n1'], 200, 400);
  expect(judged(enough, [crash], killed).reason).toContain('view changed after');
  const next = at(300, 'n2.0', 'view', { view: 2, members: ['n2.0', 'n3.0'], fresh: [], primary: 'n2.0' });
  expect(judged(enough, [crash], [...killed, next]).verdict).toBe('valid');
});
