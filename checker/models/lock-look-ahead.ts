import type { ForeseenOperation, LookAhead, TimedOperation } from '../../core/model.ts';
import { isGrant, tokenOf, unseenGrant } from './lock-operations.ts';

/** What a history says of tokens. */
interface TokenFacts {
  /** Tokens of acquires that were answered. */
  readonly given: ReadonlySet<number>;
  /** Tokens that were released for certain. */
  readonly released: ReadonlySet<number>;
  /** Tokens that only an acquire without an answer can have given: somebody read them, or released them or may have. */
  readonly unseen: ReadonlySet<number>;
  /** The place of each token that was certainly given, among all of them. */
  readonly places: ReadonlyMap<number, number>;
}

/** Acquired, read, released: the order within one hold. */
const stages = ['acquire', 'read', 'release'];

/**
 * Tokens rise, so holds come in the order of their tokens, and whatever met a token lies within its hold. A hold ends once: where a release
 * was answered with true, another without an answer did nothing. A read, or a release that was answered with false, changes nothing, but
 * tells of a token that an acquire without an answer may have given.
 */
export function lookAheadOfLock(operations: readonly TimedOperation[]): LookAhead<unknown> {
  const facts = factsOfLock(operations);
  const unseen = unseenGrant([...facts.unseen]);
  const foreseen = operations.map((operation): ForeseenOperation | null => {
    const { f, result } = operation;
    const token = metToken(operation);
    if (token !== null) {
      const place = stages.length * (facts.places.get(token) ?? 0) + stages.indexOf(f);
      const eager = f === 'read' && facts.given.has(token);
      return { ...operation, eager, order: { start: place, end: place } };
    }
    if (f === 'acquire' && result === undefined) return { ...operation, result: unseen };
    if (f !== 'release') return operation;
    if (result === undefined) return facts.released.has(tokenOf(operation)) ? null : operation;
    return { ...operation, eager: !facts.unseen.has(tokenOf(operation)) };
  });
  return { operations: foreseen };
}

/** The token that an answered operation certainly met. */
function metToken(operation: TimedOperation): number | null {
  const { f, result } = operation;
  if (f === 'release') return result === true ? tokenOf(operation) : null;
  return isGrant(result) ? result.token : null;
}

function factsOfLock(operations: readonly TimedOperation[]): TokenFacts {
  const given = new Set<number>();
  const released = new Set<number>();
  const unseen = new Set<number>();
  const met = new Set<number>();
  for (const operation of operations) {
    const { f, result } = operation;
    const token = metToken(operation);
    if (token !== null) met.add(token);
    if (f === 'release' && result === undefined) unseen.add(tokenOf(operation));
    if (f === 'release' && token !== null) released.add(token);
    if (f === 'acquire' && token !== null) given.add(token);
  }
  for (const token of met) unseen.add(token);
  for (const token of given) unseen.delete(token);
  const inOrder = Float64Array.from(met).sort();
  return { given, released, unseen, places: new Map(Array.from(inOrder, (token, i) => [token, i])) };
}
