import type { JsonObject } from '../core/json.ts';
import type { PropertyResult } from '../core/verdict.ts';
import { findings } from './words.ts';

/** Something that contradicts what is promised. `isAbsence`: something is missing, which a damaged trace would explain as well. */
export interface Violation {
  readonly what: string;
  readonly isAbsence: boolean;
}

export const certainly = (what: string): Violation => ({ what, isAbsence: false });
export const missing = (what: string): Violation => ({ what, isAbsence: true });

/** Violations as they are found, of each thing that they are about only the first: what follows from it says nothing new. */
export interface ViolationList {
  readonly all: readonly Violation[];
  readonly once: (about: string, violation: () => Violation) => void;
}

export function violationList(): ViolationList {
  const all: Violation[] = [];
  const seen = new Set<string>();
  return {
    all,
    once: (about, violation) => {
      if (seen.has(about)) return;
      seen.add(about);
      all.push(violation());
    },
  };
}

const shownMax = 20;

/** What follows from violations of what a trace should show; null: there are none. */
export function contradicted(
  violations: readonly Violation[],
  damage: readonly string[],
  more: JsonObject,
): PropertyResult | null {
  if (violations.length === 0) return null;
  const details = { ...more, violations: violations.map(({ what }) => what).slice(0, shownMax) };
  const certain = violations.filter(({ isAbsence }) => !isAbsence || damage.length === 0);
  if (certain.length > 0)
    return { verdict: 'invalid', reason: findings(certain.map(({ what }) => what)), details };
  const reason = `the trace is damaged, which may explain: ${findings(violations.map(({ what }) => what))}`;
  return { verdict: 'unknown', reason, details };
}
