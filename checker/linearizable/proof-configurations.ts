import type { Model, TimedOperation } from '../../core/model.ts';

/** A state that the object may be in, and which of the open operations took effect on the way to it, a bit for each. */
export interface Configuration<State> {
  readonly state: State;
  readonly mask: number;
}

/** All that is possible at a moment: closed under the effects of what is open. */
export interface Configurations<State> {
  call(operation: number): void;
  /** False: in no configuration the operation can have taken effect; then nothing has changed. */
  answer(operation: number): boolean;
  list(): readonly Configuration<State>[];
  /** The operations that are open, and took effect in the configuration. */
  effective(configuration: Configuration<State>): readonly number[];
  /** There were too many: nothing of this may be used. */
  isOverfull(): boolean;
}

const openMax = 30;

/**
 * Just-in-time linearization, breadth first [Lowe 2017, section 4], for a handful of operations: after each event every state that is
 * possible. What changes nothing takes effect as soon as it can, which makes no state impossible; but not `withheld`, which takes effect never.
 */
export function makeConfigurations<State>(
  model: Model<State>,
  operations: readonly TimedOperation[],
  { initial, configurationsMax, withheld = -1 }: ConfigurationOptions<State>,
): Configurations<State> {
  let all = new Map<string, Configuration<State>>();
  let isOverfull = false;
  const open: (number | undefined)[] = [];
  const isPure = operations.map((operation) => model.isPure?.(operation) === true);

  const after = ({ state, mask }: Configuration<State>, slot: number): Configuration<State> | null => {
    const operation = operations[open[slot] ?? -1];
    if (operation === undefined || (mask & (1 << slot)) !== 0) return null;
    const next = model.step(state, operation);
    return next === null ? null : { state: next, mask: mask | (1 << slot) };
  };
  const settled = (given: Configuration<State>): Configuration<State> => {
    let configuration = given;
    for (const [slot, operation] of open.entries()) {
      if (operation !== undefined && isPure[operation] === true) {
        configuration = after(configuration, slot) ?? configuration;
      }
    }
    return configuration;
  };
  const close = (from: Iterable<Configuration<State>>): void => {
    all = new Map();
    const work: Configuration<State>[] = [];
    const add = (configuration: Configuration<State>): void => {
      const each = settled(configuration);
      const name = `${each.mask} ${model.fingerprint(each.state)}`;
      if (all.has(name)) return;
      all.set(name, each);
      work.push(each);
    };
    for (const each of from) add(each);
    for (let each = work.pop(); each !== undefined; each = work.pop()) {
      if (all.size > configurationsMax) isOverfull = true;
      if (isOverfull) return;
      for (let slot = 0; slot < open.length; slot++) {
        const next = after(each, slot);
        if (next !== null) add(next);
      }
    }
  };
  close([{ state: initial, mask: 0 }]);

  return {
    call: (operation) => {
      if (operation === withheld) return;
      const free = open.indexOf(undefined);
      const slot = free < 0 ? open.length : free;
      if (slot >= openMax) isOverfull = true;
      if (isOverfull) return;
      open[slot] = operation;
      close(all.values());
    },
    answer: (operation) => {
      const slot = open.indexOf(operation);
      if (slot < 0) return operation === withheld;
      const rest = [...all.values()].filter(({ mask }) => (mask & (1 << slot)) !== 0);
      if (rest.length === 0) return false;
      open[slot] = undefined;
      close(rest.map(({ state, mask }) => ({ state, mask: mask & ~(1 << slot) })));
      return true;
    },
    list: () => [...all.values()],
    effective: ({ mask }) =>
      open.flatMap((operation, slot) =>
        operation !== undefined && (mask & (1 << slot)) !== 0 ? [operation] : [],
      ),
    isOverfull: () => isOverfull,
  };
}

export interface ConfigurationOptions<State> {
  readonly initial: State;
  readonly configurationsMax: number;
  readonly withheld?: number;
}
