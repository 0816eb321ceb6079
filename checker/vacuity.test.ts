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
import { frontAndBack, installed, killed, phases, started, unitPlan } from '../test/unit-trace.ts';
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

describe('recovery units', () => {
  const crash = fault('f1');
  const members = ['n1.0', 'n2.0', 'n3.0'];
  const first = installed(1, members, { id: 1, replicas: ['n1.0', 'n2.0'], witnesses: ['n3.0'] });
  const survived = [
    ...started(0, ...members),
    ...first,
    ...faultTrace(crash, ['n2'], 200, 400),
    ...killed(201, 'n2.0'),
    at(290, 'n1.0', 'change', { unit: 'unit', view: 1 }),
    ...installed(300, ['n1.0', 'n3.0'], { id: 2, replicas: ['n1.0'], witnesses: ['n3.0'] }),
  ];
  const goalsOf = (events: readonly TraceEvent[], claims = {}, nodes = 3): unknown =>
    judgeVacuity(
      runOf({
        plan: unitPlan(claims, { faults: [crash], nodes }),
        history: historyOf(enough),
        trace: byTime([...phases, ...events]),
      }),
    ).details?.['goals'];
  const goal = (name: string, reached: boolean): unknown => expect.objectContaining({ name, reached });

  test('show what only they do', () => {
    const goals = goalsOf([
      ...survived,
      at(310, 'n1.0', 'emitted', { unit: 'unit', peer: 'c1', ep: 1, n: 1, digest: 'a', again: true }),
      at(350, 'n2.1', 'hand-over', { unit: 'unit', phase: 'received', peer: 'n1.0', lsn: 1, digest: 'a' }),
    ]);
    for (const name of ['role handed over', 'output sent again', 'witness voted'])
      expect(goals).toContainEqual(goal(name, true));
  });

  test('a witness was not needed while enough replicas were alive', () => {
    const unneeded = survived.filter(({ event }) => event !== 'node-exit');
    expect(goalsOf(unneeded)).toContainEqual(goal('witness voted', false));
    expect(goalsOf(unneeded)).toContainEqual(goal('role handed over', false));
  });

  test('must change the view where the crash was', () => {
    const both = [
      ...survived,
      ...installed(300, ['n4.0'], { unit: 'back', id: 2, replicas: ['n4.0'], witnesses: ['n6.0'] }),
    ];
    const goals = goalsOf(
      both.filter(({ event, view, node }) => event !== 'view' || view === 1 || node === 'n4.0'),
      frontAndBack,
      6,
    );
    expect(goals).toContainEqual(goal('view changed after kill:primary (f1)', false));
    expect(goalsOf(both, frontAndBack, 6)).toContainEqual(goal('view changed after kill:primary (f1)', true));
  });
});
