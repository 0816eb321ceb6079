import type { Model } from '../core/model.ts';
import { check, type CheckOptions, type HistoryEntry } from './check-history.ts';

/** What `expect.extend` of Jest and Vitest wants of a matcher. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** `expect.extend(matchers)` adds `expect(history).toBeLinearizable(model, options)`. */
export const matchers = { toBeLinearizable };

/** An answer of `unknown` fails, with `not` and without: it proves neither. */
function toBeLinearizable<State>(
  this: unknown,
  history: Iterable<HistoryEntry>,
  model: Model<State>,
  options: CheckOptions = {},
): MatcherResult {
  const { verdict, reason } = check(history, model, options);
  const isNot = typeof this === 'object' && this !== null && 'isNot' in this && this.isNot === true;
  const wanted = `expected the history ${isNot ? 'not ' : ''}to be linearizable (${model.name})`;
  return {
    pass: verdict === 'unknown' ? isNot : verdict === 'valid',
    message: () => `${wanted}, but the verdict is ${verdict}: ${reason}`,
  };
}
