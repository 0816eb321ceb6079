import type { JsonObject } from './json.ts';

export type Verdict = 'valid' | 'invalid' | 'unknown';
/** `not-owed`: nothing was promised under these faults. `not-applicable`: this run has nothing that the property speaks of. */
export type PropertyVerdict = Verdict | 'not-owed' | 'not-applicable';

/** What one checker says of a run. */
export interface PropertyResult {
  readonly verdict: PropertyVerdict;
  /** One sentence for a person; on `invalid` it names what contradicts what. */
  readonly reason: string;
  /** Whatever else the checker knows, by name; goes into verdict.json beside verdict and reason. */
  readonly details?: JsonObject;
}

/** invalid beats unknown beats valid; what is not owed or not applicable says nothing. */
export function combineVerdicts(verdicts: readonly PropertyVerdict[]): Verdict {
  if (verdicts.includes('invalid')) return 'invalid';
  if (verdicts.includes('unknown')) return 'unknown';
  return 'valid';
}
