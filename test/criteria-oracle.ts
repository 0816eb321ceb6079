/** Slow and obvious judges of small histories by criteria weaker than linearizability: the definitions themselves. */
import type { Json } from '../core/json.ts';
import type { Model, TimedOperation } from '../core/model.ts';
import { operationsIn, type OperationTable } from '../checker/history/operation-table.ts';

type Operation = TimedOperation & { readonly process: number; readonly row: number };

const operationsOf = (table: OperationTable): Operation[] =>
  operationsIn(table).map((operation, row) => ({ ...operation, process: table.process[row] ?? 0, row }));

const isAnswered = ({ returned }: TimedOperation): boolean => returned !== Infinity;

/** Operations by process. One without an answer that is not the last of its process has a process of its own. */
function sessionsIn(operations: readonly Operation[]): Operation[][] {
  const sessions = new Map<string, Operation[]>();
  for (const [at, operation] of operations.entries()) {
    const goesOn = operations.slice(at + 1).some(({ process }) => process === operation.process);
    const name = !isAnswered(operation) && goesOn ? `alone ${operation.row}` : String(operation.process);
    sessions.set(name, [...(sessions.get(name) ?? []), operation]);
  }
  return [...sessions.values()];
}

/** States of all objects; an object is what a key names, where a model says so. */
const objectName = (model: Model<unknown>, { key }: TimedOperation): string =>
  model.partition === 'key' ? JSON.stringify(key) : '';

function stepAll(
  states: ReadonlyMap<string, unknown>,
  operation: TimedOperation,
  model: Model<unknown>,
  initial: Json | undefined,
): ReadonlyMap<string, unknown> | null {
  const name = objectName(model, operation);
  const before = states.has(name) ? states.get(name) : model.initial(initial);
  const after = model.step(before, operation);
  return after === null ? null : new Map([...states, [name, after]]);
}

/** Some interleaving of the processes that the model allows, in which unknown operations may be missing. */
export function bruteSequential(table: OperationTable, model: Model<unknown>, initial?: Json): boolean {
  const place = (sessions: readonly Operation[][], states: ReadonlyMap<string, unknown>): boolean => {
    if (sessions.every((session) => !session.some(isAnswered))) return true;
    return sessions.some(([first, ...rest], at) => {
      if (first === undefined) return false;
      const after = stepAll(states, first, model, initial);
      return after !== null && place(sessions.with(at, rest), after);
    });
  };
  return place(sessionsIn(operationsOf(table)), new Map());
}

/** What is wrong with an order of rows as a proof of sequential consistency; null: nothing. */
export function faultOfOrder(
  order: Int32Array,
  table: OperationTable,
  model: Model<unknown>,
  initial?: Json,
): string | null {
  const operations = operationsOf(table);
  const place = new Map(Array.from(order, (row, at) => [row, at] as const));
  if (place.size !== order.length) return 'an operation is placed twice';
  for (const operation of operations)
    if (isAnswered(operation) && !place.has(operation.row)) return `row ${operation.row} is not placed`;
  for (const session of sessionsIn(operations)) {
    const places = session.flatMap(({ row }) => place.get(row) ?? []);
    if (places.some((at, i) => i > 0 && at < (places[i - 1] ?? 0))) return 'the order of a process is broken';
  }
  let states: ReadonlyMap<string, unknown> | null = new Map();
  for (const row of order) {
    const operation = operations[row];
    if (operation !== undefined && states !== null) states = stepAll(states, operation, model, initial);
    if (states === null) return `row ${row} does not fit where it is placed`;
  }
  return null;
}

/** An operation as causality sees it: what it met and what it wrote. */
interface Access {
  readonly session: number;
  readonly at: number;
  readonly key: Json;
  /** undefined: nothing. */
  readonly met: Json | undefined;
  readonly differs: Json | undefined;
  readonly written: Json | undefined;
}

/**
 * Registers with unique written values, null at first. `memory`: for each process an order of its operations and all writes, in which its
 * reads are right [Ahamad et al. 1995]. `weak`: for each operation an order of what comes before it, in which it is right itself [CC].
 * `convergent`: one order of all, and each operation is right after those of it that come causally before it [CCv].
 */
export function bruteCausal(table: OperationTable, kind: 'memory' | 'weak' | 'convergent'): boolean {
  const sessions = sessionsIn(operationsOf(table));
  const unknown = sessions.flat().filter((operation) => !isAnswered(operation) && operation.f !== 'read');
  // Each of them happened, or did not.
  for (let chosen = 0; chosen < 1 << unknown.length; chosen++) {
    const happened = sessions.flatMap((operations, session) =>
      operations.flatMap((operation, at) => {
        const number = unknown.indexOf(operation);
        if (!isAnswered(operation) && (number < 0 || (chosen & (1 << number)) === 0)) return [];
        return [accessOf(operation, session, at)];
      }),
    );
    if (isCausal(happened, kind)) return true;
  }
  return false;
}

function accessOf({ f, key, value, result }: Operation, session: number, at: number): Access {
  const base = { session, at, key, met: undefined, differs: undefined, written: undefined };
  if (f === 'read') return { ...base, met: result };
  if (f === 'write') return { ...base, written: value };
  const [expected = null, replacement = null] = value as Json[];
  if (result === false) return { ...base, differs: expected };
  return expected === replacement
    ? { ...base, met: expected }
    : { ...base, met: expected, written: replacement };
}

/** Which causes come before which: `before[b][a]`. Null: there is a cycle. */
function causality(all: readonly Access[]): boolean[][] | null {
  const before = all.map((b) =>
    all.map(
      (a) =>
        (a.session === b.session && a.at < b.at) ||
        (b.met !== undefined && b.met !== null && a.key === b.key && a.written === b.met),
    ),
  );
  for (const k of all.keys())
    for (const i of all.keys())
      for (const j of all.keys()) if (before[i]![k] === true && before[k]![j] === true) before[i]![j] = true;
  return all.some((_, i) => before[i]![i]) ? null : before;
}

function isCausal(all: readonly Access[], kind: 'memory' | 'weak' | 'convergent'): boolean {
  const before = causality(all);
  if (before === null) return false;
  const isThinAir = ({ met, key }: Access): boolean =>
    met !== undefined && met !== null && !all.some((other) => other.key === key && other.written === met);
  if (all.some(isThinAir)) return false;
  /** Some order of these that agrees with causality, in which those that count are right. */
  const isOrdered = (these: readonly number[], counts: (i: number) => boolean): boolean => {
    const place = (left: readonly number[], held: ReadonlyMap<Json, Json>): boolean =>
      left.length === 0 ||
      left.some((i) => {
        if (left.some((j) => before[i]![j])) return false;
        const { key, met, differs, written } = all[i]!;
        const value = held.get(key) ?? null;
        if (counts(i) && met !== undefined && met !== value) return false;
        if (counts(i) && differs !== undefined && differs === value) return false;
        return place(
          left.filter((j) => j !== i),
          written === undefined ? held : new Map([...held, [key, written]]),
        );
      });
    return place(these, new Map());
  };
  const everything = [...all.keys()];
  if (kind === 'memory') {
    return [...new Set(all.map(({ session }) => session))].every((session) =>
      isOrdered(
        everything.filter((i) => all[i]!.session === session || all[i]!.written !== undefined),
        (i) => all[i]!.session === session,
      ),
    );
  }
  const past = (i: number): number[] => everything.filter((j) => before[i]![j] === true || j === i);
  if (kind === 'weak') return everything.every((i) => isOrdered(past(i), (j) => j === i));
  const isRight = (order: readonly number[], i: number): boolean => {
    const { met, key } = all[i]!;
    if (met === undefined) return true;
    const seen = order.filter(
      (j) => before[i]![j] === true && all[j]!.key === key && all[j]!.written !== undefined,
    );
    const last = seen.at(-1);
    return (last === undefined ? null : all[last]!.written) === met;
  };
  const arrange = (order: readonly number[], left: readonly number[]): boolean =>
    left.length === 0
      ? everything.every((i) => isRight(order, i))
      : left.some(
          (i) =>
            !left.some((j) => before[i]![j]) &&
            arrange(
              [...order, i],
              left.filter((j) => j !== i),
            ),
        );
  return arrange([], everything);
}

/** What is broken of the session guarantees, by their definitions in session-guarantees.ts, and whether a value came back. */
export function bruteSessions(
  table: OperationTable,
): { readonly broken: readonly string[]; readonly hasReturned: boolean } | null {
  const all = sessionsIn(operationsOf(table)).flatMap((operations, session) =>
    operations.flatMap((operation, at) =>
      operation.f === 'read' && !isAnswered(operation) ? [] : [accessOf(operation, session, at)],
    ),
  );
  const before = causality(all);
  if (before === null) return null;
  const writerOf = ({ key, met }: Access): number =>
    met === undefined ? -1 : all.findIndex((other) => other.key === key && other.written === met);
  const broken = new Set<string>();
  let hasReturned = false;
  for (const [r, reader] of all.entries()) {
    if (reader.met === undefined) continue;
    const w = writerOf(reader);
    const isNewer = (u: number): boolean =>
      u >= 0 &&
      u !== w &&
      all[u]!.key === reader.key &&
      all[u]!.written !== undefined &&
      (reader.met === null || before[u]![w]!);
    const isStale = all.some((_, u) => isNewer(u) && before[r]![u]!);
    const earlierIn = (i: number): number[] =>
      [...all.keys()].filter((j) => all[j]!.session === all[i]!.session && all[j]!.at < all[i]!.at);
    for (const i of earlierIn(r)) {
      if (isNewer(i)) broken.add('read your writes');
      const v = writerOf(all[i]!);
      if (all[i]!.key === reader.key && isNewer(v)) broken.add('monotonic reads');
      if (v < 0 || all[v]!.session === reader.session) continue;
      for (const j of earlierIn(v)) {
        if (isNewer(j)) broken.add('monotonic writes');
        if (all[j]!.key === reader.key && isNewer(writerOf(all[j]!))) broken.add('writes follow reads');
      }
    }
    const versionsOf = (i: number): number[] => [writerOf(all[i]!), all[i]!.written === undefined ? -1 : i];
    const same = earlierIn(r).filter((i) => all[i]!.key === reader.key);
    hasReturned ||=
      !isStale &&
      w >= 0 &&
      same.some(
        (i) =>
          versionsOf(i).includes(w) &&
          same.some((j) => all[j]!.at > all[i]!.at && versionsOf(j).some((v) => v >= 0 && v !== w)),
      );
  }
  return { broken: [...broken], hasReturned };
}
