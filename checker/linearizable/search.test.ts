import type { Json } from '../../core/json.ts';
import { nanos } from '../../core/units.ts';
import type { HistoryEvent } from '../../core/history.ts';
import { operationsIn, tableOf } from '../history/operation-table.ts';
import { models } from '../models/models.ts';
import { makeSearch, type SearchStatus } from './search.ts';

/** Events as the papers write them: `A enqueue x` invokes, `A ok y` answers, `A ?` never will. */
function historyOf(lines: readonly string[]): HistoryEvent[] {
  const asked = new Map<string, { f: string; value: Json }>();
  return lines.map((line, index) => {
    const [name = '', word = '', argument = 'null'] = line.split(' ');
    const value = JSON.parse(argument) as Json;
    const process = name.charCodeAt(0);
    const base = { index, time: nanos(index), process, key: null };
    const { f = '', value: before = null } = asked.get(name) ?? {};
    if (word === 'ok') return { ...base, type: 'ok', f, value };
    if (word === '?') return { ...base, type: 'info', f, value: before };
    asked.set(name, { f: word, value });
    return { ...base, type: 'invoke', f: word, value };
  });
}

function searched(lines: readonly string[], model: string, choices = 10_000): SearchStatus {
  const ahead = models[model]!.lookAhead!(operationsIn(tableOf(historyOf(lines))));
  const search = makeSearch(models[model]!, ahead, { windowBytes: 1 << 20 });
  let status: SearchStatus = 'running';
  for (let i = 0; i < 10_000 && status === 'running'; i++) status = search.run(choices);
  return status;
}

// Herlihy & Wing 1990, section 1.2: the four histories of a FIFO queue.
const h1 = [
  'A enqueue 1',
  'B enqueue 2',
  'B ok',
  'A ok',
  'B dequeue',
  'B ok 1',
  'A dequeue',
  'A ok 2',
  'A enqueue 3',
];
const h2 = ['A enqueue 1', 'A ok', 'B enqueue 2', 'A dequeue', 'B ok', 'A ok 2'];
const h3 = ['A enqueue 1', 'B dequeue', 'B ok 1'];
const h4 = ['A enqueue 1', 'B enqueue 2', 'A ok', 'B ok', 'A dequeue', 'C dequeue', 'A ok 2', 'C ok 2'];
// Guerraoui & Schiper, linearizability: two overlapping enqueues come out in either order, but not one of them twice.
const overlapping = ['I enqueue 1', 'J enqueue 2', 'I ok', 'J ok'];

test.each([
  ['H1', h1, 'found'],
  ['H2', h2, 'exhausted'],
  ['H3', h3, 'found'],
  ['H4', h4, 'exhausted'],
  ['b before a', [...overlapping, 'I dequeue', 'I ok 2', 'J dequeue', 'J ok 1'], 'found'],
  [
    'replies of replicas with different orders',
    [...overlapping, 'I dequeue', 'I ok 1', 'J dequeue', 'J ok 1'],
    'exhausted',
  ],
  [
    'empty though something is in it',
    [...overlapping, 'I dequeue', 'I ok 2', 'J dequeue', 'J ok'],
    'exhausted',
  ],
] as const)('a queue: %s', (_, lines, expected) => {
  expect(searched(lines, 'queue')).toBe(expected);
  expect(searched(lines, 'queue', 1)).toBe(expected);
});

test.each([
  [
    'a read that overlaps a write may see either',
    ['A write 1', 'B read', 'B ok 1', 'C read', 'C ok 1', 'A ok'],
    'found',
  ],
  ['new, then old again', ['A write 1', 'B read', 'B ok 1', 'C read', 'C ok', 'A ok'], 'exhausted'],
  [
    'an unanswered write takes effect late',
    ['A write 1', 'A ?', 'B read', 'B ok', 'C read', 'C ok 1'],
    'found',
  ],
  [
    'an unanswered write takes effect once',
    ['A write 1', 'A ?', 'B write 2', 'B ok', 'C read', 'C ok 1', 'D read', 'D ok 2'],
    'exhausted',
  ],
  ['a cas that fails needs another value', ['A cas [1,2]', 'A ok false'], 'found'],
  ['a cas that succeeds needs its value', ['A cas [1,2]', 'A ok true'], 'exhausted'],
  [
    'an unanswered cas explains a failed one',
    ['A write 1', 'A ok', 'B cas [1,5]', 'B ?', 'C cas [1,2]', 'C ok false'],
    'found',
  ],
  ['nothing answered', ['A write 1', 'B read'], 'found'],
] as const)('a register: %s', (_, lines, expected) => {
  expect(searched(lines, 'register')).toBe(expected);
});

test.each([
  [
    'an unanswered append in the middle',
    ['A append 1', 'A ?', 'B append 2', 'B ok 2', 'C read', 'C ok [1,2]'],
    'found',
  ],
  ['a place given twice', ['A append 1', 'A ok 1', 'B append 2', 'B ok 1'], 'exhausted'],
  ['an unseen append shows in a later place', ['A append 1', 'A ?', 'B append 2', 'B ok 2'], 'found'],
  ['a read that lost something', ['A append 1', 'A ok 1', 'B read', 'B ok []'], 'exhausted'],
] as const)('a log: %s', (_, lines, expected) => {
  expect(searched(lines, 'log')).toBe(expected);
});

test('more than 31 operations at once, and a memo that forgets', () => {
  const count = 70;
  const lines = Array.from({ length: count }, (_, i) => `${String.fromCharCode(200 + i)} enqueue ${i + 1}`);
  lines.push(...lines.map((line) => `${line.charAt(0)} ok`));
  for (let i = count; i >= 1; i--) lines.push('A dequeue', `A ok ${i}`);
  expect(searched(lines, 'queue')).toBe('found');
  expect(searched([...lines, 'A dequeue', 'A ok 7'], 'queue')).toBe('exhausted');
});

test('progress tells what is proven, and how wide the window was', () => {
  const model = models['register']!;
  const plain = [
    'A write 1',
    'A ok',
    'B read',
    'B ok 1',
    'C write 2',
    'D write 3',
    'C ok',
    'D ok',
    'E read',
    'E ok 9',
  ];
  const operations = operationsIn(tableOf(historyOf(plain)));
  const search = makeSearch(model, { operations }, { windowBytes: 1 << 20 });
  expect(search.run(1000)).toBe('exhausted');
  expect(search.progress()).toMatchObject({ provenTo: 9, widest: 2, unknown: 0 });
});
