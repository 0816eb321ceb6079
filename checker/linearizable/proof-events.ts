import type { TimedOperation } from '../../core/model.ts';

/** A call or an answer of an operation, given by its number. */
export interface ProofEvent {
  readonly operation: number;
  readonly position: number;
  readonly isCall: boolean;
}

/** In the order in which they happened. */
export const eventsOf = (operations: readonly TimedOperation[]): readonly ProofEvent[] =>
  operations
    .flatMap(({ called, returned }, operation): ProofEvent[] => [
      { operation, position: called, isCall: true },
      ...(returned === Infinity ? [] : [{ operation, position: returned, isCall: false }]),
    ])
    .sort((a, b) => a.position - b.position);
