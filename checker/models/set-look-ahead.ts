import { isJsonList, type Json } from '../../core/json.ts';
import type { ForeseenOperation, LookAhead, TimedOperation } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';

/** What a history says of an element. */
interface ElementFacts {
  adds: number;
  /** The first return of somebody who found the element there; Infinity: nobody did. */
  foundBy: number;
  /** How many reads of the whole set show it. */
  readsWith: number;
  /** Somebody who named the element found it missing. */
  isMissed: boolean;
}

/**
 * An unknown add whose element nobody ever found there, and an unknown remove whose element nobody ever missed, need not have happened:
 * what others saw is the same without it. An element that was added once, and that somebody found, was added before that one returned.
 */
export function lookAheadOfSet(
  operations: readonly TimedOperation[],
  initial: Json = null,
): LookAhead<unknown> {
  const facts = factsOfSet(operations);
  const reads = operations.filter(({ f, result }) => f === 'read' && result !== undefined).length;
  const atFirst = new Set(isJsonList(initial) ? initial.map((element) => canonicalJson(element)) : []);

  const foreseen = operations.map((operation): ForeseenOperation | null => {
    const { f, value, result, called, returned } = operation;
    if (f !== 'add' && f !== 'remove') return operation;
    const element = canonicalJson(value);
    const { adds, foundBy, readsWith, isMissed } = factsOf(facts, element);
    if (f === 'remove') return result === undefined && !isMissed && readsWith === reads ? null : operation;
    if (result === undefined && foundBy === Infinity) return null;
    if (adds !== 1 || atFirst.has(element) || foundBy >= returned || foundBy < called) return operation;
    return { ...operation, result: result ?? null, returned: foundBy };
  });
  return { operations: foreseen };
}

function factsOfSet(operations: readonly TimedOperation[]): Map<string, ElementFacts> {
  const facts = new Map<string, ElementFacts>();
  for (const { f, value, result, returned } of operations) {
    if (f === 'read') {
      for (const element of isJsonList(result) ? new Set(result.map((each) => canonicalJson(each))) : []) {
        const known = factsOf(facts, element);
        known.readsWith += 1;
        known.foundBy = Math.min(known.foundBy, returned);
      }
      continue;
    }
    const known = factsOf(facts, canonicalJson(value));
    if (f === 'add') known.adds += 1;
    if (typeof result !== 'boolean') continue;
    if (result === (f !== 'add')) known.foundBy = Math.min(known.foundBy, returned);
    else known.isMissed = true;
  }
  return facts;
}

function factsOf(facts: Map<string, ElementFacts>, element: string): ElementFacts {
  let known = facts.get(element);
  if (known === undefined) {
    known = { adds: 0, foundBy: Infinity, readsWith: 0, isMissed: false };
    facts.set(element, known);
  }
  return known;
}
