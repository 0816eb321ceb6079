/**
 * A replicated application, unaware of replication (Becker §1): a keyed collection of small deterministic machines. The same code runs under
 * every layer, because it sees nothing but its input, the states of its keys and the answers to the choices that it asks for.
 */
import type { Json } from '../../core/json.ts';
import type { Chance, Now } from '../../core/machine.ts';

export interface AppInput {
  readonly f: string;
  readonly key: Json;
  readonly value: Json;
}

/**
 * A choice that two executions may make differently, by chance or by clock: `now` is the executing process's, in milliseconds. `make` is called
 * by one replica and the others are given its value, or it is called by all with what they have agreed on.
 */
export interface Choice {
  readonly name: string;
  readonly make: (chance: Chance, now: Now) => Json;
}

/** The states that an execution may touch: those of its declared keys, and of keys below them (`key/...`). */
export interface AppStates {
  read(key: string): Json | undefined;
  write(key: string, state: Json | undefined): void;
}

export interface App {
  readonly name: string;
  /** The keys that an input touches; a state under `key/...` belongs to `key`. */
  keys(input: AppInput): readonly string[];
  /** Executes one input and returns its reply. The only door to chance and clock is `yield {name, make}`. An input it does not know: throws AppRefusal. */
  apply(input: AppInput, states: AppStates): Generator<Choice, Json, Json>;
}

/** The application refuses an input without having changed anything; the reply tells the client so. */
export class AppRefusal extends Error {
  override readonly name = 'AppRefusal';
}

/** Runs an input to its end, with `decide` answering its choices. A refusal becomes a reply `{refused}`. */
export function execute(
  app: App,
  input: AppInput,
  states: AppStates,
  decide: (choice: Choice) => Json,
): Json {
  try {
    const execution = app.apply(input, states);
    let step = execution.next();
    while (step.done !== true) step = execution.next(decide(step.value));
    return step.value;
  } catch (thrown) {
    if (thrown instanceof AppRefusal) return { refused: thrown.message };
    throw thrown;
  }
}

/** The text under which a key's state is kept. */
export const keyText = (key: Json): string => (typeof key === 'string' ? key : JSON.stringify(key));
