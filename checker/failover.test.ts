import type { TraceEvent } from '../core/trace.ts';
import { millis } from '../core/units.ts';
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
import { judgeClaim } from './claim.ts';
import { judgeFailover } from './failover.ts';

const crash = fault('f1');
const read = (from: number, to: number | undefined, more: Partial<Asked> = {}): Asked => ({
  f: 'read',
  from,
  ...(to === undefined ? {} : { to }),
  request: 'c1/1/1',
  ...more,
});
const takeover = [
  ...faultTrace(crash, ['n1'], 200, 500),
  at(201, 'n1.0', 'node-exit', { code: null, signal: 'SIGKILL', expected: false }),
  at(320, 'n2.0', 'suspect', { peer: 'n1.0' }),
  at(321, 'n2.0', 'change', { view: 1 }),
  ...['n2.0', 'n3.0'].map((node) =>
    at(330, node, 'view', { view: 2, members: ['n2.0', 'n3.0'], fresh: [], primary: 'n2.0' }),
  ),
  at(510, 'n1.1', 'node-start', { pid: 2, mode: 'join' }),
  ...['n2.0', 'n3.0', 'n1.1'].map((node) =>
    at(540, node, 'view', { view: 3, members: ['n2.0', 'n3.0', 'n1.1'], fresh: ['n1.1'], primary: 'n2.0' }),
  ),
  at(560, 'n1.1', 'synced', { view: 3 }),
];
const judged = (
  operations: readonly Asked[],
  events: readonly TraceEvent[] = takeover,
  outageMsMax = 500,
) => {
  const impl = {
    name: 'passive',
    options: {},
    claims: { tolerates: 'majority' as const, outageMsMax: millis(outageMsMax), text: '' },
  };
  const plan = planOf({ impl, faults: [crash] });
  return judgeFailover(
    runOf({ plan, history: historyOf(operations), trace: byTime([...calmTrace(), ...events]) }),
  );
};

test('an outage with its phases, all counted from the effect', () => {
  // An operation from before that ends after the effect proves nothing; nor does one of a pinned worker.
  const operations = [
    read(190, 202),
    read(205, 210, { node: 'n3' }),
    read(203, 345),
    read(210, 350, { request: 'c2/1/1' }),
    read(400, 401),
  ];
  const result = judged(operations);
  expect(result.verdict).toBe('valid');
  expect(result.details?.['outages']).toMatchObject([
    {
      id: 'f1',
      fault: 'kill:primary',
      target: 'n1',
      outageMs: 145,
      clientMsMax: 150,
      phases: { detectMs: 120, agreeMs: 130, recoverMs: 145, fullStrengthMs: 360 },
      judged: true,
    },
  ]);
});

test('catches an outage beyond the bound', () => {
  const { verdict, reason } = judged([read(203, 790)]);
  expect(verdict).toBe('invalid');
  expect(reason).toContain('claims at most 500 ms');
  expect(judged([read(203, 750), read(210, undefined)]).verdict).toBe('invalid');
});

test('time in which nobody asked is not charged to the system', () => {
  expect(judged([read(790, 795)])).toMatchObject({ verdict: 'valid' });
});

test('service that never comes back is an outage, too', () => {
  expect(judged([read(203, undefined), read(990, 995, { node: 'n2' })]).verdict).toBe('invalid');
  expect(judged([read(203, undefined), read(410, 415, { node: 'n2' })]).verdict).toBe('unknown');
});

test('a starved harness blames nobody', () => {
  expect(judged([read(203, 790)], [...takeover, at(600, 'harness', 'lag', { maxMs: 400 })]).verdict).toBe(
    'unknown',
  );
});

test('a fault beyond the claim is measured, not judged', () => {
  const second = fault('f2');
  const both = [...takeover, ...faultTrace(second, ['n2'], 335, 480)];
  const { details } = judged([read(340, 990)], both);
  expect(details?.['outages']).toMatchObject([{ judged: true }, { judged: false }]);
});

test('without a fault there is no failover', () => {
  expect(judged([read(203, 790)], []).verdict).toBe('not-applicable');
});

describe('recovery units', () => {
  const members = (first: number): string[] => [0, 1, 2].map((i) => `n${first + i}.0`);
  const begun = (unit: string, first: number): TraceEvent[] => {
    const [p = '', s = '', w = ''] = members(first);
    return installed(1, [p, s, w], { unit, id: 1, replicas: [p, s], witnesses: [w] });
  };
  /** The secondary of back dies; its successor has the state at 560. */
  const replaced = [
    ...faultTrace(crash, ['n5'], 200, 500),
    ...killed(201, 'n5.0'),
    at(320, 'n4.0', 'change', { unit: 'back', view: 1 }),
    ...installed(330, ['n4.0'], { unit: 'back', id: 2, replicas: ['n4.0'], witnesses: ['n6.0'] }),
    ...started(510, 'n5.1'),
    ...installed(540, ['n4.0', 'n5.1'], {
      unit: 'back',
      id: 3,
      replicas: ['n4.0', 'n5.1'],
      witnesses: ['n6.0'],
      joining: ['n5.1'],
    }),
    at(560, 'n5.1', 'synced', { unit: 'back', view: 3 }),
  ];
  const phasesOf = (more: readonly TraceEvent[]): unknown => {
    const both = [...started(0, ...members(1), ...members(4)), ...begun('front', 1), ...begun('back', 4)];
    const run = runOf({
      plan: unitPlan(frontAndBack, { nodes: 6, faults: [crash] }),
      history: historyOf([read(203, 345)]),
      trace: byTime([...phases, ...both, ...replaced, ...more]),
    });
    const outages = judgeFailover(run).details?.['outages'];
    return Array.isArray(outages) ? outages[0] : null;
  };
  const agreed = { detectMs: 120, agreeMs: 130 };

  test('full strength: all slots of the unit, its replicas with state; witnesses have none', () => {
    expect(phasesOf([])).toMatchObject({ judged: true, phases: { ...agreed, fullStrengthMs: 360 } });
  });

  test('what the other unit does meanwhile is none of it', () => {
    const elsewhere = [
      at(250, 'n1.0', 'change', { unit: 'front', view: 1 }),
      ...installed(260, ['n1.0'], { unit: 'front', id: 9, replicas: ['n1.0'], witnesses: ['n3.0'] }),
    ];
    expect(phasesOf(elsewhere)).toMatchObject({ phases: { ...agreed, fullStrengthMs: 360 } });
  });

  test('no full strength while a change of the view is under way', () => {
    const changing = at(550, 'n6.0', 'change', { unit: 'back', view: 3 });
    expect(phasesOf([changing])).toMatchObject({ phases: { ...agreed, fullStrengthMs: null } });
    const same = installed(600, ['n4.0'], {
      unit: 'back',
      id: 4,
      replicas: ['n4.0', 'n5.1'],
      witnesses: ['n6.0'],
    });
    expect(phasesOf([changing, ...same])).toMatchObject({ phases: { ...agreed, fullStrengthMs: 400 } });
  });
});

describe('claim', () => {
  const claimed = (events: readonly TraceEvent[]) =>
    judgeClaim(runOf({ trace: byTime([...calmTrace(), ...events]) }));

  test('one of three may fail, and owes liveness', () => {
    expect(claimed(takeover)).toMatchObject({ withinClaim: true, liveness: { isOwed: true } });
  });

  test('two at once may not', () => {
    const both = [...faultTrace(crash, ['n1'], 200, 500), ...faultTrace(fault('f2'), ['n2'], 300, 500)];
    const { withinClaim, faults, liveness } = claimed(both);
    expect(withinClaim).toBe(false);
    expect([...faults]).toEqual([
      ['f1', true],
      ['f2', false],
    ]);
    expect(liveness.isOwed).toBe(true); // both came back as they were
  });

  test('the second may fail once the first is replaced, not before', () => {
    const between = claimed([...takeover, ...faultTrace(fault('f2'), ['n2'], 335, 480)]);
    expect(between.faults.get('f2')).toBe(false);
    const after = claimed([...takeover, ...faultTrace(fault('f2'), ['n2'], 600, 700)]);
    expect(after.faults.get('f2')).toBe(true);
  });

  test('an exclusion in flight counts as decided', () => {
    const healed = [...faultTrace(crash, ['n1'], 200, 300), at(310, 'n2.0', 'change', { view: 1 })];
    const excluded = at(340, 'n3.0', 'view', {
      view: 2,
      members: ['n2.0', 'n3.0'],
      fresh: [],
      primary: 'n2.0',
    });
    const late = faultTrace(fault('f2'), ['n2'], 320, 400);
    expect(claimed([...healed, excluded, ...late]).faults.get('f2')).toBe(false);
  });

  test('a majority of the last view that is dead at the end owes nothing', () => {
    const gone = ['n1.0', 'n2.0'].map((node) =>
      at(300, node, 'node-exit', { code: null, signal: 'SIGKILL', expected: false }),
    );
    expect(claimed([...faultTrace(crash, ['n1', 'n2'], 299, 500), ...gone]).liveness.isOwed).toBe(false);
  });
});
