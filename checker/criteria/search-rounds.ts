import type { CheckerLimits } from '../../core/checker.ts';
import type { Json } from '../../core/json.ts';
import type { Model } from '../../core/model.ts';
import { makeSequentialSearch, type SequentialStatus, type Task } from './sequential-search.ts';

/** What is to be decided, besides the operations. */
export interface SearchQuestion {
  readonly model: Model<unknown>;
  readonly initial?: Json | undefined;
  readonly limits: CheckerLimits;
}

/** Operations by their number in the task. */
export type RoundsAnswer =
  | { readonly status: 'found'; readonly order: Int32Array }
  /** Nothing fits; at best so many could be placed, and then none of these. */
  | { readonly status: 'none'; readonly placed: number; readonly next: readonly number[] }
  | { readonly status: 'unknown'; readonly limit: 'time' | 'memory'; readonly placed: number };

/** How far operations may lead those that returned before, in events, in one search after the other. */
const leads = [16, 128, 1024, 8192, Infinity];
const choicesAtOnce = 2000;
const choicesAtLeast = 20_000;

/**
 * Searches near to real time at first: there a wrong turn shows soon, and most histories that are sequential at all have an order there. What
 * is not found with little work is looked for farther away; the last search is the one that has no limit but the question's.
 */
export function searchRounds(makeTask: () => Task, count: number, { limits }: SearchQuestion): RoundsAnswer {
  let placed = 0;
  for (const lead of leads) {
    const search = makeSequentialSearch(makeTask(), lead);
    const choicesMax = lead === Infinity ? Infinity : 2 * count + choicesAtLeast;
    let status: SequentialStatus = 'running';
    for (let choices = 0; status === 'running' && choices < choicesMax; choices += choicesAtOnce) {
      if (limits.now() > limits.deadline) return { status: 'unknown', limit: 'time', placed };
      if (search.bytes() > limits.memoryBytesMax / 2) return { status: 'unknown', limit: 'memory', placed };
      status = search.run(choicesAtOnce);
    }
    const furthest = search.furthest();
    if (status === 'found') return { status, order: search.order() };
    if (status === 'exhausted') return { status: 'none', ...furthest };
    placed = Math.max(placed, furthest.placed);
  }
  return { status: 'unknown', limit: 'time', placed };
}
