import type { Json } from '../../core/json.ts';
import type { Model } from '../../core/model.ts';
import { faultOf } from '../../test/oracle.ts';
import { tableOf, type OperationTable, type TableEvent } from '../history/operation-table.ts';
import { models } from '../models/models.ts';
import { makeTableSearch, type SearchStatus } from './search.ts';

const register = models['register']!;

/** Numbers below the one asked for [xorshift, Marsaglia 2003]. */
function makeDice(seed: number): (sides: number) => number {
  let state = seed * 2654435761;
  return (sides) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % sides;
  };
}

interface Load {
  readonly clients: number;
  readonly operations: number;
  /** Each of so many operations is never answered; 0: all are. */
  readonly unknownEach?: number;
  /** All clients pause now and then, all at once. */
  readonly isCalm?: boolean;
  /** The read that is answered wrongly: by its place among all answers. */
  readonly wrongAt?: number;
}

/** Jepsen's register: reads, writes and cas of five values, a third each; what failed did not happen. */
function registerHistory(load: Load): OperationTable {
  const { clients, operations, unknownEach = 0, isCalm = false } = load;
  let { wrongAt = Infinity } = load;
  const dice = makeDice(7);
  const events: TableEvent[] = [];
  const idle = Array.from({ length: clients }, (_, process) => process);
  const busy: { process: number; f: string; value: Json; answer?: Json }[] = [];
  let held: Json = null;
  let asked = 0;
  let answered = 0;
  let isPaused = false;
  const tell = (type: TableEvent['type'], process: number, f: string, value: Json): void => {
    events.push({ time: events.length, process, type, f, key: null, value });
  };
  const perform = (f: string, value: Json): Json => {
    const [expected, next] = Array.isArray(value) ? (value as Json[]) : [held, f === 'write' ? value : held];
    const isMet = expected === held;
    const answer = f === 'read' ? held : f === 'write' ? null : isMet;
    if (isMet) held = next ?? null;
    return answer;
  };
  const invoke = (): void => {
    asked += 1;
    const process = idle.pop() ?? 0;
    const f = ['read', 'write', 'cas'][dice(3)] ?? '';
    const value = f === 'read' ? null : f === 'write' ? dice(5) : [dice(5), dice(5)];
    tell('invoke', process, f, value);
    busy.push({ process, f, value });
  };
  const answer = (process: number, f: string, value: Json): void => {
    answered += 1;
    const isWrong = answered >= wrongAt && f === 'read';
    if (isWrong) wrongAt = Infinity;
    tell(value === false ? 'fail' : 'ok', process, f, isWrong ? (Number(value) + 1) % 5 : value);
    idle.push(process);
  };
  const goOn = (): void => {
    const at = dice(busy.length);
    const operation = busy[at]!;
    const { process, f, value } = operation;
    if (operation.answer !== undefined) answer(process, f, operation.answer);
    else {
      operation.answer = perform(f, value);
      if (unknownEach === 0 || dice(unknownEach) > 0) return;
      tell('info', process, f, value);
      idle.push(process + 1000);
    }
    busy.splice(at, 1);
  };
  while (asked < operations || busy.length > 0) {
    if (busy.length >= clients - 1) isPaused = isCalm;
    if (busy.length === 0) isPaused = false;
    const busyMax = isCalm ? clients : (2 * clients) / 3;
    if (asked < operations && !isPaused && busy.length < busyMax) invoke();
    else goOn();
  }
  return tableOf(events);
}

function searched(table: OperationTable, choices: number, model: Model<unknown> = register): SearchStatus {
  const search = makeTableSearch(model, table, { windowBytes: 1 << 20 });
  const status = search.run(choices);
  if (status === 'found') expect(faultOf(Int32Array.from(search.order()), table, model)).toBeNull();
  return status;
}

// Some times the choices that are needed, so that a search that loses one of its means is noticed.
test.each([
  ['20 clients', { clients: 20, operations: 5000 }, 60_000],
  ['30 clients', { clients: 30, operations: 2000 }, 150_000],
  ['30 clients, many unknown', { clients: 30, operations: 2000, unknownEach: 50 }, 60_000],
  ['all pause at once', { clients: 12, operations: 5000, isCalm: true }, 60_000],
])('a busy register with repeated values: %s', (_, load, choices) => {
  expect(searched(registerHistory(load), choices)).toBe('found');
});

test.each([
  [20, 3000],
  [20, 3010],
  [20, 3020],
  [30, 3000],
])(
  'of %d clients, one is told something wrong, and not all that was before is gone through again',
  (clients, wrongAt) => {
    const table = registerHistory({ clients, operations: 5000, wrongAt });
    expect(searched(table, 150_000)).not.toBe('running');
  },
);

test('an answer that the object can never give needs no search', () => {
  const table = registerHistory({ clients: 20, operations: 3000, unknownEach: 50 });
  const row = table.f.findLastIndex(
    (f, each) => table.names[f] === 'read' && table.returned[each] !== 0x7fffffff,
  );
  table.result[row] = table.values.numberOf(99);
  expect(searched(table, 5000)).toBe('exhausted');
});

test('memory follows how much is open at once, and not how long it goes on', () => {
  const blind: Model<unknown> = {
    name: 'blind',
    initial: register.initial,
    step: register.step,
    fingerprint: register.fingerprint,
  };
  const bytesBesideColumns = (operations: number): number => {
    const table = registerHistory({ clients: 3, operations, isCalm: true });
    const search = makeTableSearch(blind, table, { windowBytes: 1 << 20 });
    expect(search.run(20 * operations)).toBe('found');
    return search.bytes() - 50 * table.count;
  };
  const few = bytesBesideColumns(2000);
  expect(bytesBesideColumns(20_000)).toBeLessThan(2 * few);
});
