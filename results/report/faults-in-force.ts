import type { FaultLane } from './report-data.ts';

/** Faults that came into force: only these are shaded. */
export const inForce = (faults: readonly FaultLane[]): (FaultLane & { readonly effect: number })[] =>
  faults.flatMap((fault) => (fault.effect === null ? [] : [{ ...fault, effect: fault.effect }]));
