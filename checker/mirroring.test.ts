import type { JsonObject } from '../core/json.ts';
import type { TraceEvent } from '../core/trace.ts';
import { at, byTime, planOf, runOf } from '../test/judged-run.ts';
import { frontAndBack, installed, killed, phases, started, unitPlan } from '../test/unit-trace.ts';
import { judgeMirroring } from './mirroring.ts';
import { numberOf, textOf } from './trace-facts.ts';

const unit = (ms: number, node: string, event: string, fields: JsonObject): TraceEvent =>
  at(ms, node, event, { unit: 'unit', ...fields });
const role = (ms: number, node: string, name: string, view: number): TraceEvent =>
  unit(ms, node, 'role', { role: name, view });
/** A replica has consumed a message as record `lsn` that `origin` made. */
const consumed = (
  ms: number,
  node: string,
  [origin, lsn]: readonly [origin: string, lsn: number],
  [peer, ep, n]: readonly [peer: string, ep: number, n: number],
  more: JsonObject = {},
): TraceEvent =>
  unit(ms, node, 'consumed', {
    ...{ origin, lsn, type: 'in', peer, ep, n },
    ...{ choices: '', digest: `state ${lsn}` },
    ...more,
  });
const emitted = (ms: number, node: string, ep: number, n: number, again = false): TraceEvent =>
  unit(ms, node, 'emitted', { peer: 'c1', ep, n, digest: `output ${n}`, again });
const acked = (ms: number, node: string, ep: number, upTo: number): TraceEvent =>
  unit(ms, node, 'acked', { peer: 'c1', ep, upTo });
const handOver = (ms: number, node: string, phase: string, peer: string, more: JsonObject = {}): TraceEvent =>
  unit(ms, node, 'hand-over', { phase, peer, lsn: 5, digest: 'handed', ...more });

const first = [
  ...started(0, 'n1.0', 'n2.0', 'n3.0'),
  ...installed(1, ['n1.0', 'n2.0', 'n3.0'], { id: 1, replicas: ['n1.0', 'n2.0'], witnesses: ['n3.0'] }),
  role(1, 'n1.0', 'primary', 1),
  role(1, 'n2.0', 'secondary', 1),
  role(1, 'n3.0', 'witness', 1),
];
/** n1 receives, n2 sends; the client acknowledges the first answer. */
const together = [
  consumed(110, 'n1.0', ['n1.0', 1], ['c1', 1, 1]),
  consumed(111, 'n2.0', ['n1.0', 1], ['c1', 1, 1]),
  acked(111, 'n2.0', 1, 1),
  emitted(111, 'n2.0', 1, 1),
  unit(120, 'n1.0', 'ack-received', { peer: 'c1', ep: 1, upTo: 1 }),
  unit(120, 'n1.0', 'collected', { peer: 'c1', ep: 1, upTo: 1 }),
  consumed(120, 'n1.0', ['n1.0', 2], ['c1', 1, 2]),
  unit(121, 'n2.0', 'collected', { peer: 'c1', ep: 1, upTo: 1 }),
  consumed(121, 'n2.0', ['n1.0', 2], ['c1', 1, 2]),
  acked(121, 'n2.0', 1, 2),
  emitted(121, 'n2.0', 1, 2),
  unit(121, 'n1.0', 'queues', { longest: 1, bound: 8 }),
];
/** n1 dies before it could log what it chose, so n2 chooses itself, takes over and sends everything that was not acknowledged. */
const alone = [
  consumed(130, 'n1.0', ['n1.0', 3], ['c1', 1, 3], { choices: 'heads', digest: 'heads 3' }),
  ...killed(131, 'n1.0'),
  ...installed(300, ['n2.0', 'n3.0'], { id: 2, replicas: ['n2.0'], witnesses: ['n3.0'] }),
  role(300, 'n2.0', 'primary', 2),
  emitted(300, 'n2.0', 1, 2, true),
  consumed(301, 'n2.0', ['n1.0', 3], ['c1', 1, 3], { choices: 'tails', digest: 'tails 3' }),
  emitted(301, 'n2.0', 1, 3),
  acked(301, 'n2.0', 1, 3),
  unit(302, 'n2.0', 'took-over', { view: 2, inputs: { c1: [1, 3] } }),
  consumed(310, 'n2.0', ['n2.0', 5], ['c1', 2, 1]),
  emitted(310, 'n2.0', 2, 1),
];
/** n1 comes back, gets the state, and with it the sending. */
const again = [
  ...started(400, 'n1.1'),
  ...installed(410, ['n1.1', 'n2.0', 'n3.0'], {
    id: 3,
    replicas: ['n2.0', 'n1.1'],
    witnesses: ['n3.0'],
    joining: ['n1.1'],
  }),
  role(410, 'n1.1', 'joining', 3),
  handOver(420, 'n2.0', 'sent', 'n1.1'),
  handOver(421, 'n1.1', 'received', 'n2.0'),
  unit(421, 'n1.1', 'synced', { view: 3 }),
  role(421, 'n1.1', 'secondary', 3),
  consumed(430, 'n2.0', ['n2.0', 6], ['c1', 2, 2]),
  consumed(431, 'n1.1', ['n2.0', 6], ['c1', 2, 2]),
  emitted(431, 'n1.1', 2, 2),
  acked(431, 'n1.1', 2, 2),
  unit(432, 'n2.0', 'consumed', {
    ...{ origin: 'n2.0', lsn: 7, type: 'timer', name: 'clear' },
    ...{ choices: '', digest: 'state 7' },
  }),
];
const good = byTime([...phases, ...first, ...together, ...alone, ...again]);

const judged = (events: readonly TraceEvent[], damage: readonly string[] = [], plan = unitPlan()) =>
  judgeMirroring(runOf({ plan, trace: events, damage: { history: [], trace: damage } }));
const isSame = (line: TraceEvent, like: JsonObject): boolean =>
  Object.entries(like).every(([name, value]) => line[name] === value);
/** The good trace with the lines like this one changed. */
const changed = (like: JsonObject, change: JsonObject): TraceEvent[] =>
  good.map((line) => (isSame(line, like) ? { ...line, ...change } : line));
const without = (like: JsonObject): TraceEvent[] => good.filter((line) => !isSame(line, like));
const plus = (...lines: readonly TraceEvent[]): TraceEvent[] => byTime([...good, ...lines]);

test('failover, a hand-over, outputs sent again, and choices made twice are as they should be', () => {
  const { verdict, reason, details } = judged(good);
  expect({ verdict, reason, details }).toEqual({
    verdict: 'valid',
    reason:
      '3 of 10 consumed records compared between replicas; 5 outputs, sent again 1 time, each with one content; 1 hand-over',
    details: {
      ...{ records: 10, compared: 3, outputs: 5, sentAgain: 1, handOvers: 1, longestQueue: 1 },
      ...{ acknowledgements: 4, takeOvers: 1, collections: 2, violations: [] },
    },
  });
});

test('lines of different nodes are ordered by time alone', () => {
  const nodes = ['n3.0', 'n2.0', 'n1.1', 'n1.0'];
  const byNode = [...good].sort((a, b) => nodes.indexOf(a.node) - nodes.indexOf(b.node));
  expect(judged(byNode)).toEqual(judged(good));
});

const firstOutput = { event: 'emitted', node: 'n2.0', ep: 1, n: 1 };
const lastRecord = { event: 'consumed', node: 'n1.1', lsn: 6 };

/** Contradictions: no line that might be missing explains them. */
const contradictions: readonly (readonly [what: string, events: readonly TraceEvent[], why: string])[] = [
  [
    'an output with two contents',
    changed({ event: 'emitted', again: true }, { digest: 'another' }),
    'one content: output 2 to c1 has digest output 2 from n2.0 but another from n2.0',
  ],
  [
    'an output with two contents from two nodes',
    plus(emitted(433, 'n2.0', 2, 2, true)).map((line) =>
      isSame(line, { event: 'emitted', again: true, ep: 2 }) ? { ...line, digest: 'another' } : line,
    ),
    'one content: output 2 to c1 in its life 2 has digest output 2 from n1.1 but another from n2.0',
  ],
  [
    'states that differ after one record',
    changed({ event: 'consumed', node: 'n2.0', lsn: 2 }, { digest: 'another' }),
    'equal state: after record 2 of n1.0 (message 2 of c1, life 1), n1.0 has digest state 2 and n2.0 another',
  ],
  [
    'choices of the primary that the secondary has not heeded',
    changed({ event: 'consumed', lsn: 3 }, { choices: 'heads' }),
    'equal state: after record 3 of n1.0',
  ],
  [
    'one record with two inputs',
    changed({ event: 'consumed', node: 'n2.0', lsn: 1 }, { peer: 'c2' }),
    'one log: record 1 of n1.0 is message 1 of c1, life 1 at n1.0 but message 1 of c2, life 1 at n2.0',
  ],
  [
    'a handed over state that is not the donor’s',
    changed({ event: 'hand-over', node: 'n1.1' }, { digest: 'another' }),
    'hand-over: n1.1 got the state at record 5 from n2.0 with digest another, which had digest handed',
  ],
  [
    'an input consumed twice',
    plus(consumed(440, 'n2.0', ['n2.0', 8], ['c1', 2, 2])),
    'order of inputs: n2.0 consumed message 2 of c1, life 2, as record 8 of n2.0, where message 3 of life 2 was due',
  ],
  [
    'an input of a life that is over',
    plus(consumed(440, 'n2.0', ['n2.0', 8], ['c1', 1, 4])),
    'message 4 of c1, life 1, as record 8 of n2.0, where message 3 of life 2 was due',
  ],
  [
    'an input consumed twice after a hand-over',
    plus(consumed(440, 'n1.1', ['n2.0', 8], ['c1', 2, 2])),
    'order of inputs: n1.1 consumed message 2',
  ],
  [
    'a record consumed after a later one',
    plus(consumed(440, 'n2.0', ['n2.0', 4], ['c1', 2, 3])),
    'order of records: n2.0 consumed record 4 after record 7',
  ],
  [
    'an acknowledged input that the next primary lacks',
    changed({ event: 'took-over' }, { inputs: { c1: [1, 2] } }),
    'acknowledged input lost: n2.0 acknowledged the messages of c1 up to 3, but n2.0, which took over in view 2, has consumed them up to 2',
  ],
  [
    'an acknowledged client that the next primary does not know',
    changed({ event: 'took-over' }, { inputs: {} }),
    'which took over in view 2, knows nothing of that life',
  ],
  [
    'a queue beyond its bound',
    changed({ event: 'queues' }, { longest: 9 }),
    'queues: a re-send queue of n1.0 held 9 outputs, with a bound of 8',
  ],
];

/** What a missing line might explain as well. */
const absences: readonly (readonly [what: string, events: readonly TraceEvent[], why: string])[] = [
  [
    'an output left out',
    without({ ...firstOutput, ep: 2 }),
    'order of outputs: n1.1 sent output 2 to c1 in its life 2 when nobody had sent output 1',
  ],
  [
    'an input left out',
    plus(consumed(440, 'n2.0', ['n2.0', 8], ['c1', 2, 4])),
    'where message 3 of life 2 was due',
  ],
  [
    'a first input that is not the first',
    plus(consumed(440, 'n2.0', ['n2.0', 8], ['c2', 1, 2])),
    'where message 1 of life 1 was due',
  ],
  [
    'a life that does not begin at its beginning',
    plus(consumed(440, 'n2.0', ['n2.0', 8], ['c1', 3, 2])),
    'where message 1 of life 3 was due',
  ],
  [
    'a state from nowhere',
    changed({ event: 'hand-over', node: 'n1.1' }, { lsn: 4 }),
    'hand-over: n1.1 got the state at record 4 from n2.0, which did not hand over that state to it',
  ],
  [
    'an output dropped before it was acknowledged',
    plus(unit(122, 'n2.0', 'collected', { peer: 'c1', ep: 1, upTo: 2 })),
    'collected too early: n2.0 dropped outputs to c1 up to 2, which had acknowledged them up to 1',
  ],
  [
    'an output dropped before anything was acknowledged',
    without({ event: 'ack-received' }),
    'collected too early: n1.0 dropped outputs to c1 up to 1, which had acknowledged none',
  ],
  [
    'an output of a witness',
    plus(emitted(440, 'n3.0', 2, 2, true)),
    'sender: n3.0 sent output 2 to c1 in its life 2, as a witness',
  ],
  [
    'an acknowledgement by a joining replica',
    plus(acked(415, 'n1.1', 1, 3)),
    'sender: n1.1 acknowledged the messages of c1 up to 3, as a replica that was still joining',
  ],
];

test.each([...contradictions, ...absences])('catches %s', (_, events, why) => {
  const { verdict, reason } = judged(events);
  expect(verdict).toBe('invalid');
  expect(reason).toContain(why);
});

test.each(contradictions)('catches %s in a damaged trace too', (_, events) => {
  expect(judged(events, ['trace.jsonl:9: left out']).verdict).toBe('invalid');
});

test.each(absences)('a damaged trace may explain %s', (_, events) => {
  expect(judged(events, ['trace.jsonl:9: left out']).verdict).toBe('unknown');
});

test.each([
  [
    'what a joiner did not see of a peer',
    without(lastRecord).concat(consumed(440, 'n1.1', ['n2.0', 8], ['c2', 1, 9], { choices: 'other' })),
  ],
  [
    'outputs of a life that is over, dropped',
    plus(unit(320, 'n2.0', 'collected', { peer: 'c1', ep: 1, upTo: 3 })),
  ],
  [
    'an acknowledgement received in the moment of the drop',
    byTime([
      ...without({ event: 'ack-received' }),
      unit(120, 'n1.0', 'ack-received', { peer: 'c1', ep: 1, upTo: 1 }),
    ]),
  ],
  ['an input acknowledged in the moment of the takeover', plus(acked(302, 'n1.0', 1, 4))],
  ['two outputs of one moment', plus(emitted(440, 'n2.0', 2, 4), emitted(440, 'n1.1', 2, 3))],
  ['an output never sent since the peer had acknowledged it', [...without({ ...firstOutput })]],
  [
    'what a joiner executes before it has the state',
    plus(consumed(412, 'n1.1', ['n2.0', 5], ['c1', 2, 1], { digest: 'half' })),
  ],
  ['a transfer that was begun twice', plus(handOver(418, 'n2.0', 'sent', 'n1.1', { digest: 'older' }))],
  [
    'a client that the primary knows in a later life',
    changed({ event: 'took-over' }, { inputs: { c1: [2, 0] } }),
  ],
] as const)('does not object to %s', (_, events) => {
  expect(judged(events)).toMatchObject({ verdict: 'valid' });
});

test('one divergence is told once, though everything after it differs', () => {
  const diverged = good.map((line) =>
    isSame(line, { event: 'consumed', node: 'n2.0' })
      ? { ...line, digest: `${textOf(line['digest'])}!` }
      : line,
  );
  expect(judged(diverged).details?.['violations']).toHaveLength(2);
});

describe('what proves nothing', () => {
  test('a layer without mirrored processes has nothing to judge', () => {
    expect(judged([], [], planOf()).verdict).toBe('not-applicable');
    expect(judged(good, [], planOf()).verdict).toBe('valid');
  });

  test('a unit that consumed nothing', () => {
    const { verdict, reason } = judged(first);
    expect(verdict).toBe('unknown');
    expect(reason).toBe('the unit consumed nothing');
  });

  test('a secondary that consumed nothing', () => {
    const { verdict, reason } = judged(
      [...first, ...together].filter((line) => !isSame(line, { event: 'consumed', node: 'n2.0' })),
    );
    expect(verdict).toBe('unknown');
    expect(reason).toContain('no two replicas of the unit consumed the same record');
  });

  test('a lone replica is not compared with anybody', () => {
    const lone = [
      ...started(0, 'n1.0'),
      ...installed(1, ['n1.0'], { id: 1, replicas: ['n1.0'] }),
      consumed(110, 'n1.0', ['n1.0', 1], ['c1', 1, 1]),
    ];
    expect(judged(lone).verdict).toBe('valid');
  });

  test('a unit of two that is never heard of', () => {
    const { verdict, reason } = judged(good, [], unitPlan(frontAndBack, { nodes: 6 }));
    expect(verdict).toBe('unknown');
    expect(reason).toContain('the trace tells of 1 of 2 units');
  });
});

test('two units may use the same numbers', () => {
  const slots = new Map([
    ['n1', 'n4'],
    ['n2', 'n5'],
    ['n3', 'n6'],
  ]);
  const moved = (value: unknown): unknown =>
    typeof value === 'string' ? value.replace(/^n[123](?=\.)/, (slot) => slots.get(slot) ?? slot) : value;
  const back = good
    .filter(({ node }) => node !== 'harness')
    .map(
      (line) =>
        Object.fromEntries(
          Object.entries(line).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.map(moved) : moved(value),
          ]),
        ) as TraceEvent,
    )
    .map((line) => ({
      ...line,
      unit: 'back',
      ...(line.event === 'emitted' ? { digest: `back ${numberOf(line['n'])}` } : {}),
    }));
  expect(judged(byTime([...good, ...back]), [], unitPlan(frontAndBack, { nodes: 6 }))).toMatchObject({
    verdict: 'valid',
    details: { records: 20, compared: 6, outputs: 10 },
  });
});

test('a primary of a view that others have left may wake late: it takes over from nobody who came after', () => {
  const late = (view: number) => unit(500, 'n2.0', 'took-over', { view, inputs: { c1: [1, 3] } });
  expect(judged(byTime([...good, late(2)])).verdict).toBe('valid');
  const { verdict, reason } = judged(byTime([...good, late(3)]));
  expect(verdict).toBe('invalid');
  expect(reason).toContain(
    'acknowledged input lost: n1.1 acknowledged the messages of c1 in its life 2 up to 2',
  );
});
