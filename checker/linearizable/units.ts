import type { Json } from '../../core/json.ts';
import type { Model, TimedOperation } from '../../core/model.ts';

/**
 * What must go together where operations are removed from a history, so that removing them never invents a violation: what is left of a
 * valid history is valid. For each operation the numbers of those that go with it, and with them what goes with those; numbers from
 * `operations.length` on are groups, listed after the operations. Null: it must stay.
 */
export type Dependents = readonly (readonly number[] | null)[];

/** Where a model says nothing, only operations go that change nothing. */
export function dependentsOf(
  model: Model<unknown>,
  operations: readonly TimedOperation[],
  initial: Json | undefined,
): Dependents {
  const own = model.dependents?.(operations, initial);
  return own ?? operations.map((operation) => (model.isPure?.(operation) === true ? none : null));
}

const none: readonly number[] = [];

/** Everything that goes with the operations given, them included, as a flag for each operation; null: one of it must stay. */
export function closureOf(dependents: Dependents, from: readonly number[], count: number): Uint8Array | null {
  const isIn = new Uint8Array(dependents.length);
  const work = [...from];
  for (const each of from) isIn[each] = 1;
  for (let each = work.pop(); each !== undefined; each = work.pop()) {
    const more = dependents[each] ?? null;
    if (more === null) return null;
    for (const next of more) {
      if (isIn[next] === 1) continue;
      isIn[next] = 1;
      work.push(next);
    }
  }
  return isIn.subarray(0, count);
}

/** The least that must be kept with the operations given, so that all others can go: a flag for each operation. */
export function keptWith(dependents: Dependents, kept: readonly number[], count: number): Uint8Array {
  const { starts, sources } = reversed(dependents);
  const isIn = new Uint8Array(dependents.length);
  const work: number[] = [];
  const keep = (each: number): void => {
    if (isIn[each] === 1) return;
    isIn[each] = 1;
    work.push(each);
  };
  kept.forEach(keep);
  for (const [each, more] of dependents.entries()) if (more === null) keep(each);
  for (let each = work.pop(); each !== undefined; each = work.pop()) {
    for (let i = starts[each] ?? 0; i < (starts[each + 1] ?? 0); i++) keep(sources[i] ?? 0);
  }
  return isIn.subarray(0, count);
}

/** For each number those that it goes with: `sources` from `starts[each]` up to `starts[each + 1]`. */
function reversed(dependents: Dependents): { readonly starts: Int32Array; readonly sources: Int32Array } {
  const starts = new Int32Array(dependents.length + 2);
  for (const more of dependents)
    for (const each of more ?? none) starts[each + 2] = (starts[each + 2] ?? 0) + 1;
  for (let i = 2; i < starts.length; i++) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
  const sources = new Int32Array(starts[starts.length - 1] ?? 0);
  for (const [source, more] of dependents.entries()) {
    for (const each of more ?? none) {
      const at = starts[each + 1] ?? 0;
      sources[at] = source;
      starts[each + 1] = at + 1;
    }
  }
  return { starts, sources };
}
