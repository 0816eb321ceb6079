import type { Json } from '../../core/json.ts';
import type { Model, TimedOperation } from '../../core/model.ts';
import { makeConfigurations, type Configurations } from './proof-configurations.ts';
import { eventsOf, type ProofEvent } from './proof-events.ts';

/** A state that is possible at a moment, if certain open operations have taken effect by then: as few as can be, those that change something. */
export interface PossibleState {
  readonly state: unknown;
  readonly ifEffective: readonly number[];
}

/** What is possible just after an answer: each state once. */
export interface ProofStep {
  readonly operation: number;
  readonly states: readonly PossibleState[];
}

/** Why a few operations contradict each other, answer by answer. Operations by their number. */
export interface Proof {
  readonly initial: unknown;
  readonly steps: readonly ProofStep[];
  /** The operation whose answer nothing that was possible before it allows. */
  readonly misfit: number;
  /**
   * What was possible while the misfit was open: of one that changes nothing, what the answers of the others leave; of another one, what was
   * possible at the time and before it took effect.
   */
  readonly meanwhile: readonly unknown[];
  /** Those of them in which it could have been answered so; then one of the others could not be answered as it was. */
  readonly allowing: readonly unknown[];
}

const configurationsMax = 4000;

/** Walks through the events; null: there are too many possibilities to tell, or the operations are linearizable. */
export function proofOf(
  operations: readonly TimedOperation[],
  model: Model<unknown>,
  given: Json | undefined,
): Proof | null {
  const initial = model.initial(given);
  const events = eventsOf(operations);
  const configurations = makeConfigurations(model, operations, { initial, configurationsMax });
  const steps: ProofStep[] = [];
  for (const { operation, isCall } of events) {
    if (isCall) configurations.call(operation);
    else if (configurations.answer(operation)) {
      steps.push({ operation, states: possibleStates(configurations, operations, model) });
    } else {
      if (configurations.isOverfull()) return null;
      const misfit = operations[operation];
      const isPure = misfit !== undefined && model.isPure?.(misfit) === true;
      const during = isPure ? statesMet : statesDuring;
      const meanwhile = during(operation, events, { operations, model, initial });
      if (meanwhile === null) return null;
      const allowing = meanwhile.filter(
        (state) => misfit !== undefined && model.step(state, misfit) !== null,
      );
      return { initial, steps, misfit: operation, meanwhile, allowing };
    }
    if (configurations.isOverfull()) return null;
  }
  return null;
}

/** Each state with the configuration that needs the fewest open operations for it. */
function possibleStates(
  configurations: Configurations<unknown>,
  operations: readonly TimedOperation[],
  model: Model<unknown>,
): PossibleState[] {
  const byState = new Map<string, PossibleState>();
  for (const configuration of configurations.list()) {
    const name = model.fingerprint(configuration.state);
    const ifEffective = configurations.effective(configuration).filter((operation) => {
      const each = operations[operation];
      return each !== undefined && model.isPure?.(each) !== true;
    });
    const known = byState.get(name);
    if (known === undefined || ifEffective.length < known.ifEffective.length) {
      byState.set(name, { state: configuration.state, ifEffective });
    }
  }
  return [...byState.values()].sort((a, b) => a.ifEffective.length - b.ifEffective.length);
}

interface Given {
  readonly operations: readonly TimedOperation[];
  readonly model: Model<unknown>;
  readonly initial: unknown;
}

/** Every state that was possible while an operation was open, had it not taken effect; null: there are too many. */
function statesDuring(
  misfit: number,
  events: readonly ProofEvent[],
  { operations, model, initial }: Given,
): unknown[] | null {
  const options = { initial, configurationsMax, withheld: misfit };
  const configurations = makeConfigurations(model, operations, options);
  const states = new Map<string, unknown>();
  let isOpen = false;
  for (const { operation, isCall } of events) {
    if (isCall) configurations.call(operation);
    else if (operation === misfit || !configurations.answer(operation)) break;
    if (configurations.isOverfull()) return null;
    if (operation === misfit) isOpen = true;
    if (!isOpen) continue;
    for (const { state } of configurations.list()) states.set(model.fingerprint(state), state);
  }
  return [...states.values()];
}

/** A state, and the one in which an operation was that could have been answered by anything. */
interface Noted {
  readonly state: unknown;
  readonly met: unknown;
}

/** Every state that an operation that changes nothing can have met, as the answers of the others tell; null: there are too many. */
function statesMet(
  misfit: number,
  events: readonly ProofEvent[],
  { operations, model, initial }: Given,
): unknown[] | null {
  const probe = operations[misfit];
  const noting: Model<Noted> = {
    name: model.name,
    initial: () => ({ state: initial, met: undefined }),
    step: ({ state, met }, operation) => {
      if (operation === probe) return { state, met: state };
      const next = model.step(state, operation);
      return next === null ? null : { state: next, met };
    },
    fingerprint: ({ state, met }) =>
      JSON.stringify([model.fingerprint(state), met === undefined ? null : model.fingerprint(met)]),
  };
  const options = { initial: noting.initial(), configurationsMax };
  const configurations = makeConfigurations(noting, operations, options);
  for (const { operation, isCall } of events) {
    if (isCall) configurations.call(operation);
    else if (!configurations.answer(operation)) return null;
    if (configurations.isOverfull()) return null;
    if (operation === misfit && !isCall) break;
  }
  const states = new Map<string, unknown>();
  for (const { state } of configurations.list()) {
    const { met } = state;
    if (met !== undefined) states.set(model.fingerprint(met), met);
  }
  return [...states.values()];
}
