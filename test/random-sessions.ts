/** Random histories of two registers in which processes may see things differently. */
import fc from 'fast-check';
import type { HistoryEvent } from '../core/history.ts';
import type { Json } from '../core/json.ts';
import { nanos } from '../core/units.ts';

/** What some process does next: a write, a read, a cas; or replication goes on. */
interface Deed {
  readonly process: number;
  readonly kind: number;
  readonly key: number;
  readonly pick: number;
}
const deedOf = (processes: number): fc.Arbitrary<Deed> =>
  fc.record({ process: fc.nat(processes - 1), kind: fc.nat(9), key: fc.nat(1), pick: fc.nat(5) });

export interface Told {
  readonly process: number;
  readonly f: string;
  readonly key: Json;
  readonly value: Json;
  /** undefined: never answered. */
  readonly result: Json | undefined;
}

/** One operation after the other in real time, which means nothing to these criteria. */
export function eventsOf(operations: readonly Told[]): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  const retired = new Map<number, number>();
  for (const { process: worker, f, key, value, result } of operations) {
    const process = worker + 8 * (retired.get(worker) ?? 0);
    const base = { process, f, key, time: nanos(0) };
    events.push({ ...base, index: events.length, type: 'invoke', value });
    if (result === undefined) {
      retired.set(worker, (retired.get(worker) ?? 0) + 1);
      events.push({ ...base, index: events.length, type: 'info', value });
    } else events.push({ ...base, index: events.length, type: 'ok', value: result });
  }
  return events;
}

/** Reads meet any value that somebody writes at any time to that register, or none. */
function anyAnswers(deeds: readonly Deed[]): Told[] {
  const written = [0, 1].map((key) =>
    deeds.flatMap((deed, at) => (deed.key === key && deed.kind >= 5 ? [at + 1] : [])),
  );
  return deeds.map(({ process, kind, key, pick }, at) => {
    const base = { process, key };
    const met = [null, ...(written[key] ?? [])];
    const value = met[pick % met.length] ?? null;
    if (kind < 5) return { ...base, f: 'read', value: null, result: value };
    if (kind < 8) return { ...base, f: 'write', value: at + 1, result: null };
    const answer = kind === 8 ? true : pick % 3 === 0 ? undefined : false;
    if (value === at + 1 || (kind === 9 && pick === 5))
      return { ...base, f: 'write', value: at + 1, result: undefined };
    return { ...base, f: 'cas', value: [value, at + 1], result: answer };
  });
}

/** Each process has a copy of its own; writes come to the others later, in the order of their writer or in any. */
function replicated(deeds: readonly Deed[], operationsMax: number): Told[] {
  const copies = Array.from({ length: 4 }, () => [null, null] as Json[]);
  const sent: { key: number; value: number; to: number }[] = [];
  const told: Told[] = [];
  for (const [at, { process, kind, key, pick }] of deeds.entries()) {
    const copy = copies[process] ?? [];
    const base = { process, key };
    if (kind < 3 && told.length < operationsMax)
      told.push({ ...base, f: 'read', value: null, result: copy[key] ?? null });
    else if (kind < 6 && told.length < operationsMax) {
      const isCas = pick === 0 && kind === 5;
      const held = copy[key] ?? null;
      copy[key] = at + 1;
      for (let to = 0; to < copies.length; to++) if (to !== process) sent.push({ key, value: at + 1, to });
      const result = pick === 5 ? undefined : isCas ? true : null;
      told.push({ ...base, f: isCas ? 'cas' : 'write', value: isCas ? [held, at + 1] : at + 1, result });
    } else {
      const place = kind === 9 ? pick % Math.max(1, sent.length) : 0;
      const [message] = sent.splice(place, 1);
      if (message !== undefined) copies[message.to]![message.key] = message.value;
    }
  }
  return told;
}

/** So many operations, each process at a copy of its own. */
export const replicatedHistory = (operationsMax: number): fc.Arbitrary<Told[]> =>
  fc
    .array(deedOf(4), { minLength: operationsMax, maxLength: 3 * operationsMax, size: 'max' })
    .map((deeds) => replicated(deeds, operationsMax));

/** Told in one of both ways. */
export const sessionHistory = (operationsMax: number): fc.Arbitrary<Told[]> =>
  fc.oneof(
    fc.array(deedOf(3), { minLength: 5, maxLength: operationsMax, size: 'max' }).map(anyAnswers),
    fc
      .array(deedOf(4), { minLength: 6, maxLength: 3 * operationsMax, size: 'max' })
      .map((deeds) => replicated(deeds, operationsMax)),
  );
