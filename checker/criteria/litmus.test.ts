/** Histories from papers, by name, with what each criterion is known to say of them. */
import type { HistoryEvent } from '../../core/history.ts';
import type { Json } from '../../core/json.ts';
import { nanos } from '../../core/units.ts';
import { bruteCausal, bruteSequential } from '../../test/criteria-oracle.ts';
import { noLimits } from '../../test/judged-run.ts';
import { tableOf, type OperationTable } from '../history/operation-table.ts';
import { models } from '../models/models.ts';
import { judgeCriterion } from './criteria.ts';
import { strongestHeld, type Held } from './strongest-held.ts';
import { registerGraphOf } from './register-graph.ts';
import { weakCausalityOf } from './weak-causal.ts';

const names: Readonly<Record<string, string>> = {
  r: 'read',
  w: 'write',
  c: 'cas',
  e: 'enqueue',
  d: 'dequeue',
};

/**
 * Processes as the papers write them, each its own line: `w(x,1) r(y,0)`; 0 is what was there at first. In real time they take turns, one
 * operation after the other.
 */
function historyOf(lines: readonly string[]): HistoryEvent[] {
  const processes = lines.map((line) => line.split(' '));
  const events: HistoryEvent[] = [];
  for (let turn = 0; turn < Math.max(...processes.map(({ length }) => length)); turn++) {
    for (const [process, operations] of processes.entries()) {
      const [, letter = '', key = '', digits = ''] =
        /^(\w)\((\w+),(\d+)\)$/.exec(operations[turn] ?? '') ?? [];
      if (letter === '') continue;
      const value: Json = digits === '0' ? null : Number(digits);
      const isAsking = letter === 'r' || letter === 'd';
      const base = { time: nanos(0), process, f: names[letter] ?? '', key };
      events.push({ ...base, index: events.length, type: 'invoke', value: isAsking ? null : value });
      events.push({ ...base, index: events.length, type: 'ok', value: isAsking ? value : null });
    }
  }
  return events;
}

interface Said {
  readonly holds: Held['holds'];
  /** CC and CCv, by the names of Bouajjani et al. 2017. */
  readonly weak: boolean;
  readonly convergent: boolean;
  readonly broken?: readonly string[];
}

function saidOf(table: OperationTable): Said {
  const { holds, details } = strongestHeld(table, { model: models['kv']!, limits: noLimits });
  const graph = registerGraphOf(table);
  const weak = 'why' in graph ? null : weakCausalityOf(graph);
  const broken = (details['brokenGuarantees'] ?? []) as { guarantee: string }[];
  return {
    holds,
    weak: weak?.stale.length === 0,
    convergent: weak?.isConvergent === true,
    ...(broken.length > 0 && { broken: broken.map(({ guarantee }) => guarantee) }),
  };
}

const all = { weak: true, convergent: true };
const none = { weak: false, convergent: false };

const litmus: readonly (readonly [name: string, lines: readonly string[], said: Said])[] = [
  // Herlihy & Wing 1990: what sequential consistency allows and linearizability does not.
  ['a read that is late in real time', ['w(x,1)', 'r(y,0) r(x,0)'], { ...all, holds: 'sequential' }],
  // Lamport 1979, section 1: mutual exclusion by two flags (Dekker); store buffering.
  ['store buffering', ['w(x,1) r(y,0)', 'w(y,1) r(x,0)'], { ...all, holds: 'causal' }],
  [
    'independent reads of independent writes',
    ['w(x,1)', 'w(y,1)', 'r(x,1) r(y,0)', 'r(y,1) r(x,0)'],
    { ...all, holds: 'causal' },
  ],
  [
    'message passing',
    ['w(x,1) w(y,1)', 'r(y,1) r(x,0)'],
    { ...none, holds: 'none', broken: ['monotonic writes'] },
  ],
  [
    'write to read causality',
    ['w(x,1)', 'r(x,1) w(y,1)', 'r(y,1) r(x,0)'],
    { ...none, holds: 'none', broken: ['writes follow reads'] },
  ],
  [
    'load buffering: each is the cause of the other',
    ['r(x,1) w(y,1)', 'r(y,1) w(x,1)'],
    { ...none, holds: null },
  ],
  // Hutto & Ahamad 1990, Ahamad et al. 1995: two concurrent writes seen in two orders.
  [
    'causal memory, not sequential',
    ['w(x,1) w(x,3)', 'r(x,1) w(x,2)', 'r(x,1) r(x,3) r(x,2)', 'r(x,1) r(x,2) r(x,3)'],
    { holds: 'causal', weak: true, convergent: false },
  ],
  [
    'not causal memory: the second write had seen the first',
    ['w(x,1)', 'r(x,1) w(x,2)', 'r(x,2) r(x,1)', 'r(x,1) r(x,2)'],
    { ...none, holds: 'none', broken: ['monotonic reads'] },
  ],
  [
    'causal memory: the second write had not seen the first',
    ['w(x,1)', 'w(x,2)', 'r(x,2) r(x,1)', 'r(x,1) r(x,2)'],
    { holds: 'causal', weak: true, convergent: false },
  ],
  // Bouajjani, Enea, Guerraoui & Hamza 2017, figure 3.
  [
    'figure 3a: CM but not CCv',
    ['w(x,1) r(x,2)', 'w(x,2) r(x,1)'],
    { holds: 'causal', weak: true, convergent: false },
  ],
  [
    'figure 3b: CCv but not CM',
    ['w(z,1) w(x,1) w(y,1)', 'w(x,2) r(z,0) r(y,1) r(x,2)'],
    { ...all, holds: 'session guarantees' },
  ],
  [
    'figure 3c: CC but neither CM nor CCv: a value comes back',
    ['w(x,1)', 'w(x,2) r(x,1) r(x,2)'],
    { holds: 'none', weak: true, convergent: false },
  ],
  [
    'figure 3d: CC, CM and CCv but not sequential',
    ['w(x,1) r(y,0) w(y,1) r(x,1)', 'w(x,2) r(y,0) w(y,2) r(x,2)'],
    { ...all, holds: 'causal' },
  ],
  [
    'figure 3e: not CC',
    ['w(x,1) w(y,1)', 'r(y,1) w(x,2)', 'r(x,2) r(x,1)'],
    { ...none, holds: 'none', broken: ['monotonic reads'] },
  ],
  // Terry et al. 1994, section 3: one break of each guarantee alone.
  ['read your writes', ['w(x,1) r(x,0)'], { ...none, holds: 'none', broken: ['read your writes'] }],
  ['monotonic reads', ['w(x,1)', 'r(x,1) r(x,0)'], { ...none, holds: 'none', broken: ['monotonic reads'] }],
  [
    'monotonic writes',
    ['w(x,1) w(x,2) w(y,1)', 'r(y,1) r(x,1)'],
    { ...none, holds: 'none', broken: ['monotonic writes'] },
  ],
  [
    'writes follow reads',
    ['w(x,1) w(x,2)', 'r(x,2) w(y,1)', 'r(y,1) r(x,1)'],
    { ...none, holds: 'none', broken: ['writes follow reads'] },
  ],
  [
    'all four together, by way of others',
    ['w(x,1)', 'r(x,1) w(y,1)', 'r(y,1) w(z,1)', 'r(z,1) r(x,0)'],
    { ...none, holds: 'none' },
  ],
];

test.each(litmus)('%s', (_, lines, expected) => {
  const table = tableOf(historyOf(lines));
  expect(saidOf(table)).toEqual(expected);
  expect(bruteSequential(table, models['kv']!)).toBe(expected.holds === 'sequential');
  expect(bruteCausal(table, 'memory')).toBe(expected.holds === 'sequential' || expected.holds === 'causal');
  expect(bruteCausal(table, 'weak')).toBe(expected.weak);
  expect(bruteCausal(table, 'convergent')).toBe(expected.convergent);
});

test('sequential consistency is not local: of two queues each is, both together are not [Herlihy & Wing 1990, section 3.3]', () => {
  const judged = (lines: readonly string[]): string =>
    judgeCriterion('sequential', tableOf(historyOf(lines)), { model: models['queue']!, limits: noLimits })
      .verdict;
  expect(judged(['e(p,1) d(p,2)', 'e(p,2)'])).toBe('valid');
  expect(judged(['e(q,1)', 'e(q,2) d(q,1)'])).toBe('valid');
  expect(judged(['e(p,1) e(q,1) d(p,2)', 'e(q,2) e(p,2) d(q,1)'])).toBe('invalid');
});

test.each([
  [
    'what contradicts what, without causality broken',
    'sequential',
    ['w(x,1) r(y,0)', 'w(y,1) r(x,0)'],
    'an order that keeps that of each process would go round: write x 1 (process 0, at 0.0000 s), ' +
      'then read y -> null (process 0, at 0.0000 s) in the same process, ' +
      'then write y 1 (process 1, at 0.0000 s), which overwrote what that had met, ' +
      'then read x -> null (process 1, at 0.0000 s) in the same process, ' +
      'and then the first again, which overwrote what that had met',
  ],
  [
    'a broken session guarantee',
    'causal',
    ['w(x,1) w(x,2)', 'r(x,2) r(x,1)'],
    'monotonic reads is broken: after read x -> 2 (process 1, at 0.0000 s), the process met the older value of ' +
      'write x 1 (process 0, at 0.0000 s) by read x -> 1 (process 1, at 0.0000 s)',
  ],
  [
    'no order for one process: figure 3b with a write before the read',
    'causal',
    ['w(z,2) w(z,1) w(x,1) w(y,1)', 'r(z,2) w(x,2) r(z,2) r(y,1) r(x,2)'],
    'an order of all writes that suits the process of read z -> 2 (process 1, at 0.0000 s) would go round: ' +
      'write z 2 (process 0, at 0.0000 s), then write z 1 (process 0, at 0.0000 s) in the same process, ' +
      'and then the first again, whose value read z -> 2 (process 1, at 0.0000 s) met after both',
  ],
  [
    'no order for one process: figure 3b',
    'causal',
    ['w(z,1) w(x,1) w(y,1)', 'w(x,2) r(z,0) r(y,1) r(x,2)'],
    'read z -> null (process 1, at 0.0000 s) met what was there at first, though write z 1 (process 0, at 0.0000 s) must come before it',
  ],
] as const)('in words: %s', (_, criterion, lines, reason) => {
  const said = judgeCriterion(criterion, tableOf(historyOf(lines)), {
    model: models['kv']!,
    limits: noLimits,
  });
  expect(said).toMatchObject({ verdict: 'invalid', reason });
});
