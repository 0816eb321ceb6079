import type { Claims } from '../core/impl.ts';
import type { TraceEvent } from '../core/trace.ts';
import { at, byTime, fault, faultTrace, runOf } from '../test/judged-run.ts';
import { frontAndBack, installed, killed, phases, started, unitPlan } from '../test/unit-trace.ts';
import { judgeClaim } from './claim.ts';

const judged = (events: readonly TraceEvent[], claims: Partial<Claims> = {}, nodes = 3) =>
  judgeClaim(runOf({ plan: unitPlan(claims, { nodes }), trace: byTime([...phases, ...events]) }));
/** Whether the claim covers the loss of these slots at 600 ms. */
const covers = (
  events: readonly TraceEvent[],
  lost: readonly string[],
  claims?: Partial<Claims>,
  nodes?: number,
): boolean | undefined =>
  judged([...events, ...faultTrace(fault('lost'), lost, 600, 700)], claims, nodes).faults.get('lost');

/** n1 and n2 are replicas, n3 is the witness. */
const all = ['n1.0', 'n2.0', 'n3.0'];
const first = [
  ...started(0, ...all),
  ...installed(1, all, { id: 1, replicas: ['n1.0', 'n2.0'], witnesses: ['n3.0'] }),
];
const withoutSecondary = [
  ...first,
  ...killed(200, 'n2.0'),
  ...installed(300, ['n1.0', 'n3.0'], { id: 2, replicas: ['n1.0'], witnesses: ['n3.0'] }),
];
const withoutWitness = [
  ...first,
  ...killed(200, 'n3.0'),
  ...installed(300, ['n1.0', 'n2.0'], { id: 2, replicas: ['n1.0', 'n2.0'] }),
];
const joining = [
  ...withoutSecondary,
  ...started(400, 'n2.1'),
  ...installed(450, ['n1.0', 'n2.1', 'n3.0'], {
    id: 3,
    replicas: ['n1.0', 'n2.1'],
    witnesses: ['n3.0'],
    joining: ['n2.1'],
  }),
];
const rejoined = [...joining, at(500, 'n2.1', 'synced', { unit: 'unit', view: 3 })];

describe('a unit of two replicas and a witness stands', () => {
  test.each(['n1', 'n2', 'n3'])('the loss of %s at full strength', (lost) => {
    expect(covers(first, [lost])).toBe(true);
    expect(covers(rejoined, [lost])).toBe(true);
  });

  test.each(['n2', 'n3'])('the loss of %s while the new secondary is joining', (lost) => {
    expect(covers(joining, [lost])).toBe(true);
  });
});

describe('a unit of two replicas and a witness does not stand', () => {
  test('the loss of two', () => {
    expect(covers(first, ['n1', 'n2'])).toBe(false);
    expect(covers(first, ['n2', 'n3'])).toBe(false);
  });

  test.each(['n1', 'n3'])('the loss of %s while primary and witness are alone', (lost) => {
    expect(covers(withoutSecondary, [lost])).toBe(false);
  });

  test.each(['n1', 'n2'])('the loss of %s while there is no witness', (lost) => {
    expect(covers(withoutWitness, [lost])).toBe(false);
  });

  test('the loss of the primary before the joining secondary has the state, whatever majority is left', () => {
    expect(covers(joining, ['n1'])).toBe(false);
    expect(covers(joining, ['n1'], { tolerates: 'majority' })).toBe(true);
  });

  test('the loss of the primary while the exclusion of the secondary is in flight', () => {
    const wronglySuspected = [
      ...first,
      at(590, 'n3.0', 'change', { unit: 'unit', view: 1 }),
      ...installed(620, ['n3.0'], { id: 2, replicas: ['n1.0'], witnesses: ['n3.0'] }),
    ];
    expect(covers(wronglySuspected, ['n1'])).toBe(false);
    expect(
      covers(
        wronglySuspected.filter(({ event }) => event !== 'change'),
        ['n1'],
      ),
    ).toBe(true);
  });
});

test('a trace that begins late is read as if the first view had been seen', () => {
  expect(covers(started(0, ...all), ['n1'])).toBe(true);
  expect(covers(started(0, ...all), ['n1', 'n2'])).toBe(false);
  expect(covers(started(0, ...all.slice(1)), ['n2'])).toBe(false);
});

test('of five, two may be lost; with a fan-out one of them must leave the other of the first two', () => {
  const five = ['n1.0', 'n2.0', 'n3.0', 'n4.0', 'n5.0'];
  const strong = [
    ...started(0, ...five),
    ...installed(1, five, { id: 1, replicas: five.slice(0, 3), witnesses: five.slice(3) }),
  ];
  const fanOut = { heirs: 'first-two' } as const;
  for (const lost of [
    ['n1', 'n3'],
    ['n2', 'n4'],
    ['n4', 'n5'],
  ]) {
    expect(covers(strong, lost, {}, 5)).toBe(true);
    expect(covers(strong, lost, fanOut, 5)).toBe(true);
  }
  expect(covers(strong, ['n1', 'n2'], {}, 5)).toBe(true);
  expect(covers(strong, ['n1', 'n2'], fanOut, 5)).toBe(false);
  expect(covers(strong, ['n1', 'n2', 'n4'], {}, 5)).toBe(false);
});

describe('liveness', () => {
  const ending = (events: readonly TraceEvent[], claims: Partial<Claims> = {}, nodes = 3) =>
    judged([...faultTrace(fault('f1'), ['n2'], 199, 500), ...events], claims, nodes).liveness;

  test('is owed to a majority with a replica that has state', () => {
    const { isOwed, why } = ending(withoutSecondary);
    expect(isOwed).toBe(true);
    expect(why).toContain('a majority, and a replica with state, of view 2 (n1.0, n3.0)');
    expect(ending([...rejoined, ...killed(800, 'n1.0')]).isOwed).toBe(true);
  });

  test('is not owed to a majority without state', () => {
    const { isOwed, why } = ending([...joining, ...killed(480, 'n1.0')]);
    expect(isOwed).toBe(false);
    expect(why).toContain('no replica with state of the last view, 3 (n1.0, n2.1, n3.0)');
  });

  test('is not owed to a lone primary', () => {
    const { isOwed, why } = ending([...withoutSecondary, ...killed(480, 'n3.0')]);
    expect(isOwed).toBe(false);
    expect(why).toContain('no majority of the last view, 2 (n1.0, n3.0)');
  });

  test('a view that only the dead knew has to be agreed on again', () => {
    const untold = [
      ...withoutSecondary,
      ...started(400, 'n2.1'),
      ...installed(450, ['n1.0'], {
        id: 3,
        replicas: ['n1.0', 'n2.1'],
        witnesses: ['n3.0'],
        joining: ['n2.1'],
      }),
      at(460, 'n2.1', 'synced', { unit: 'unit', view: 3 }),
      ...killed(480, 'n1.0'),
    ];
    const { isOwed, why } = ending(untold);
    expect(isOwed).toBe(false);
    expect(why).toContain('no majority of view 2 (n1.0, n3.0), which nobody alive');
  });
});

describe('two units', () => {
  const back = ['n4.0', 'n5.0', 'n6.0'];
  const both = [
    ...started(0, ...all, ...back),
    ...installed(1, all, { id: 1, replicas: all.slice(0, 2), witnesses: all.slice(2), unit: 'front' }),
    ...installed(1, back, { id: 1, replicas: back.slice(0, 2), witnesses: back.slice(2), unit: 'back' }),
  ];
  const backMovedOn = [
    ...both,
    ...killed(200, 'n5.0'),
    ...installed(300, ['n4.0', 'n6.0'], { id: 2, replicas: ['n4.0'], witnesses: ['n6.0'], unit: 'back' }),
  ];

  test('each stands a loss of its own', () => {
    expect(covers(both, ['n1', 'n4'], frontAndBack, 6)).toBe(true);
    expect(covers(both, ['n2', 'n6'], frontAndBack, 6)).toBe(true);
    expect(covers(both, ['n1', 'n2'], frontAndBack, 6)).toBe(false);
    expect(covers(both, ['n4', 'n6'], frontAndBack, 6)).toBe(false);
  });

  test('a later view of one says nothing of the other, but service needs both', () => {
    expect(covers(backMovedOn, ['n1'], frontAndBack, 6)).toBe(true);
    expect(covers(backMovedOn, ['n4'], frontAndBack, 6)).toBe(false);
    const healed = faultTrace(fault('f1'), ['n5'], 199, 500);
    const owed = judged([...backMovedOn, ...healed], frontAndBack, 6).liveness;
    expect(owed.isOwed).toBe(true);
    expect(owed.why).toContain('view 1 of front (n1.0, n2.0, n3.0) and of view 2 of back (n4.0, n6.0)');
    const lost = judged([...backMovedOn, ...healed, ...killed(800, 'n6.0')], frontAndBack, 6).liveness;
    expect(lost.isOwed).toBe(false);
    expect(lost.why).toContain('no majority of the last view, 2 of back');
  });
});
