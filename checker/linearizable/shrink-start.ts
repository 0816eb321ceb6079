import type { Json } from '../../core/json.ts';
import type { Model, TimedOperation } from '../../core/model.ts';
import { never, operationsIn } from '../history/operation-table.ts';
import type { Part } from '../history/parts.ts';
import type { Configuration } from './proof-configurations.ts';
import { eventsOf } from './proof-events.ts';
import { keptRows } from './shrink-candidates.ts';

/** A moment at which everything before it has come to one state, whatever the order. */
export interface Start {
  readonly state: unknown;
  /** Just after this event. */
  readonly position: number;
  /** What has not taken effect by then, or was not called yet. */
  readonly part: Part;
  /** How many operations there were before. */
  readonly before: number;
}

const configurationsMax = 500;
const openMax = 30;

/**
 * The last moment from which a part can be told without what was before: there only one configuration is left, so the part is invalid if and
 * only if the rest is, beginning with this state [Lowe 2017, section 5]. Null: there is none, or it was not found in time.
 */
export function latestStart(
  part: Part,
  model: Model<unknown>,
  given: Json | undefined,
  isExpired: () => boolean,
): Start | null {
  const operations = operationsIn(part.table);
  const lazy = makeLazyConfigurations(model, operations, model.initial(given));
  const events = eventsOf(operations);
  let found: {
    readonly state: unknown;
    readonly position: number;
    readonly placed: readonly number[];
  } | null = null;
  for (const [i, { operation, position, isCall }] of events.entries()) {
    if (i % 32 === 31 && isExpired()) break;
    const isFine = isCall ? lazy.call(operation) : lazy.answer(operation);
    if (!isFine) break;
    const only = isCall ? null : lazy.only();
    if (only !== null) found = { ...only, position };
  }
  if (found === null) return null;
  const { state, position, placed } = found;
  const isPlaced = new Set(placed);
  const rest = keptRows(part, (row) => (part.table.returned[row] ?? never) > position && !isPlaced.has(row));
  return { state, position, part: rest, before: part.table.count - rest.table.count };
}

interface LazyConfigurations {
  /** Both: false where it can go no further. */
  call(operation: number): boolean;
  answer(operation: number): boolean;
  /** The only configuration, if there is but one, with what has taken effect though it is open; else null. */
  only(): { readonly state: unknown; readonly placed: readonly number[] } | null;
}

/** Operations take effect no earlier than an answer needs it, but for those that change nothing: they do as soon as they can. */
function makeLazyConfigurations(
  model: Model<unknown>,
  operations: readonly TimedOperation[],
  initial: unknown,
): LazyConfigurations {
  const open: (number | undefined)[] = [];
  let all: Configuration<unknown>[] = [{ state: initial, mask: 0 }];

  const operationIn = (slot: number): TimedOperation | undefined => operations[open[slot] ?? -1];
  const settled = (given: Configuration<unknown>): Configuration<unknown> => {
    let { mask } = given;
    for (let slot = 0; slot < open.length; slot++) {
      const operation = operationIn(slot);
      if (operation === undefined || (mask & (1 << slot)) !== 0 || model.isPure?.(operation) !== true)
        continue;
      if (model.step(given.state, operation) !== null) mask |= 1 << slot;
    }
    return { state: given.state, mask };
  };
  const nameOf = ({ state, mask }: Configuration<unknown>): string => `${mask} ${model.fingerprint(state)}`;

  /** All ways in which what is open can take effect, up to the operation that is answered. Null: they are too many. */
  const waysTo = (answered: number): Map<string, Configuration<unknown>> | null => {
    const bit = 1 << answered;
    const reached = new Map<string, Configuration<unknown>>();
    const seen = new Map<string, Configuration<unknown>>();
    const work: Configuration<unknown>[] = [];
    const visit = (configuration: Configuration<unknown>): void => {
      const each = settled(configuration);
      if ((each.mask & bit) !== 0) {
        const rest = { state: each.state, mask: each.mask & ~bit };
        reached.set(nameOf(rest), rest);
        return;
      }
      const name = nameOf(each);
      if (seen.has(name)) return;
      seen.set(name, each);
      work.push(each);
    };
    all.forEach(visit);
    for (let each = work.pop(); each !== undefined; each = work.pop()) {
      if (seen.size > configurationsMax) return null;
      for (let slot = 0; slot < open.length; slot++) {
        const operation = operationIn(slot);
        if (operation === undefined || (each.mask & (1 << slot)) !== 0) continue;
        const state = model.step(each.state, operation);
        if (state !== null) visit({ state, mask: each.mask | (1 << slot) });
      }
    }
    return reached;
  };
  return {
    call: (operation) => {
      const free = open.indexOf(undefined);
      const slot = free < 0 ? open.length : free;
      if (slot >= openMax) return false;
      open[slot] = operation;
      all = all.map(settled);
      return true;
    },
    answer: (operation) => {
      const slot = open.indexOf(operation);
      const reached = waysTo(slot);
      if (reached === null || reached.size === 0 || reached.size > configurationsMax) return false;
      open[slot] = undefined;
      all = [...reached.values()];
      return true;
    },
    only: () => {
      const [first, ...others] = all;
      if (first === undefined || others.length > 0) return null;
      const placed = open.flatMap((operation, slot) =>
        operation !== undefined && (first.mask & (1 << slot)) !== 0 ? [operation] : [],
      );
      return { state: first.state, placed };
    },
  };
}
