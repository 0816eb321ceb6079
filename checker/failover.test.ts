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
