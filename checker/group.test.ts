import type { TraceEvent } from '../core/trace.ts';
import { at, byTime, calmTrace, planOf, runOf } from '../test/judged-run.ts';
import { millis } from '../core/units.ts';
import { frontAndBack, installed, started, unitPlan } from '../test/unit-trace.ts';
import { judgeGroup } from './group.ts';

const members = ['n1.0', 'n2.0', 'n3.0'];
const delivers = (node: string, view: number, requests: readonly string[]): TraceEvent[] =>
  requests.map((request, i) => at(10 * view + i, node, 'deliver', { view, n: i + 1, request }));
const view = (ms: number, node: string, id: number, of: readonly string[], more = {}): TraceEvent =>
  at(ms, node, 'view', { view: id, members: of, fresh: [], primary: of[0] ?? null, ...more });

/** All deliver a and b; then n1 is left out, and n2 and n3 go on together. */
const survived = [
  ...members.flatMap((node) => delivers(node, 1, ['a', 'b'])),
  ...['n2.0', 'n3.0'].map((node) => at(15, node, 'view-end', { view: 1, delivered: 2 })),
  ...['n2.0', 'n3.0'].map((node) => view(16, node, 2, ['n2.0', 'n3.0'])),
  at(17, 'n2.0', 'role', { role: 'primary', view: 2 }),
];
const judged = (events: readonly TraceEvent[], damage: readonly string[] = []) =>
  judgeGroup(runOf({ trace: byTime([...calmTrace(), ...events]), damage: { history: [], trace: damage } }));
const without = (event: string, node: string, n?: number): TraceEvent[] =>
  survived.filter(
    (line) => !(line.event === event && line.node === node && (n === undefined || line['n'] === n)),
  );

test('a view change after a crash is valid', () => {
  expect(judged(survived)).toMatchObject({ verdict: 'valid', details: { views: 2, violations: [] } });
});

test.each([
  [
    'two memberships of one view',
    [...survived, view(18, 'n1.0', 2, ['n1.0', 'n2.0'])],
    'view agreement: view 2',
  ],
  ['a view installed after a later one', [...survived, view(18, 'n2.0', 1, members)], 'after view 2'],
  [
    'a view without its installer',
    [...survived, view(18, 'n1.0', 2, ['n2.0', 'n3.0'])],
    'in which it is not',
  ],
  [
    'two incarnations of a slot',
    [...survived, view(18, 'n2.0', 3, ['n2.0', 'n3.0', 'n3.1'])],
    'two incarnations',
  ],
  ['an incarnation that returns', [...survived, view(18, 'n2.0', 3, members)], 'left out of view 2'],
  [
    'one position with two messages',
    [...survived, ...delivers('n2.0', 2, ['c']), ...delivers('n3.0', 2, ['d'])],
    'total order: message 2/1',
  ],
  [
    'a first member without state',
    [...survived, view(18, 'n2.0', 3, ['n2.0', 'n3.0'], { fresh: ['n2.0'] })],
    'state: n2.0 is the first of view 3',
  ],
  ['two primaries', [...survived, at(18, 'n3.0', 'role', { role: 'primary', view: 2 })], 'one primary'],
  [
    'a message delivered twice',
    [...survived, at(14, 'n1.0', 'deliver', { view: 1, n: 2, request: 'b' })],
    'where message 3',
  ],
  [
    'survivors with different ends',
    [
      ...without('view-end', 'n3.0').filter((line) => !(line.node === 'n3.0' && line['n'] === 2)),
      at(15, 'n3.0', 'view-end', { view: 1, delivered: 1 }),
    ],
    'view synchrony: from view 1 to view 2',
  ],
  ['a gap', without('deliver', 'n3.0', 1), 'delivery: n3.0 delivered message 2'],
  ['a wrong count at the end', without('deliver', 'n3.0', 2), 'delivery: n3.0 left view 1'],
] as const)('catches %s', (_, events, why) => {
  const { verdict, reason } = judged(events);
  expect(verdict).toBe('invalid');
  expect(reason).toContain(why);
});

test('what a damaged trace may lack is not held against the group', () => {
  expect(judged(without('deliver', 'n3.0', 1), ['trace.jsonl:9: left out']).verdict).toBe('unknown');
  const clash = [...survived, at(18, 'n3.0', 'role', { role: 'primary', view: 2 })];
  expect(judged(clash, ['trace.jsonl:9: left out']).verdict).toBe('invalid');
});

test('who died before the end of a view is no witness', () => {
  const dead = [...survived.filter(({ node }) => node !== 'n1.0'), ...delivers('n1.0', 1, ['a'])];
  expect(judged(dead).verdict).toBe('valid');
});

test('one process is no group, but a group without views is strange', () => {
  expect(judgeGroup(runOf({ trace: [] })).verdict).toBe('unknown');
  const impl = {
    name: 'simple',
    options: {},
    claims: { tolerates: 'none' as const, outageMsMax: millis(0), text: '' },
  };
  expect(judgeGroup(runOf({ plan: planOf({ impl }), trace: [] })).verdict).toBe('not-applicable');
});

describe('recovery units', () => {
  const front = ['n1.0', 'n2.0', 'n3.0'];
  const back = ['n4.0', 'n5.0', 'n6.0'];
  const first = (unit: string, [p = '', s = '', w = '']: readonly string[]): TraceEvent[] =>
    installed(1, [p, s, w], { unit, id: 1, replicas: [p, s], witnesses: [w] });
  const acts = (node: string, unit: string, of: number): TraceEvent =>
    at(5, node, 'role', { unit, role: `${unit}-primary`, view: of });
  const both = [
    ...started(0, ...front, ...back),
    ...first('front', front),
    ...first('back', back),
    acts('n1.0', 'front', 1),
    acts('n4.0', 'back', 1),
  ];
  const judgedUnits = (events: readonly TraceEvent[]) =>
    judgeGroup(runOf({ plan: unitPlan(frontAndBack, { nodes: 6 }), trace: byTime(events) }));

  test('number their views each for itself', () => {
    const { verdict, reason } = judgedUnits([
      ...both,
      ...installed(9, ['n4.0'], { unit: 'back', id: 2, replicas: ['n4.0'], witnesses: ['n6.0'] }),
    ]);
    expect(verdict).toBe('valid');
    expect(reason).toContain('3 views up to view 1 of front and view 2 of back');
    expect(judgedUnits(both).reason).toContain('2 views up to view 1 of front and view 1 of back');
  });

  test('agree each for itself', () => {
    const split = installed(9, ['n5.0'], { unit: 'back', id: 1, replicas: ['n5.0'], witnesses: ['n6.0'] });
    expect(judgedUnits([...both, ...split]).reason).toContain('view agreement: view 1 of back is n4.0');
    const returned = [
      ...installed(9, ['n4.0'], { unit: 'back', id: 2, replicas: ['n4.0'], witnesses: ['n6.0'] }),
      ...installed(10, ['n4.0'], { unit: 'back', id: 3, replicas: ['n4.0', 'n5.0'], witnesses: ['n6.0'] }),
    ];
    expect(judgedUnits([...both, ...returned]).reason).toContain('n5.0 was left out of view 2');
  });

  test('have one primary each, whatever its role is called', () => {
    const { verdict, reason } = judgedUnits([...both, acts('n5.0', 'back', 1)]);
    expect(verdict).toBe('invalid');
    expect(reason).toContain('one primary: n5.0 acts as the primary of view 1 of back, which is n4.0');
  });

  test('that say nothing of views are strange', () => {
    const { verdict, reason } = judgedUnits(both.filter(({ node }) => !back.includes(node)));
    expect(verdict).toBe('unknown');
    expect(reason).toContain('no view of n4, n5 and n6');
  });
});
