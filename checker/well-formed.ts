import type { Checker } from '../core/checker.ts';
import type { HistoryEvent } from '../core/history.ts';
import { equalJson } from '../core/json.ts';
import type { PropertyResult } from '../core/verdict.ts';
import { counted } from './words.ts';

/**
 * What every other checker of a history takes for granted. A history that breaks it was recorded wrongly, which is never the fault of the
 * system under test, so the verdict is `unknown`.
 */
export const wellFormed = {
  name: 'well-formed',
  description:
    'the recording itself is sound: one operation at a time for each process, every answer has its question, time goes on',
  check: ({ history, damage }) => judgeWellFormed(history, damage.history),
} satisfies Checker;

const problemsShown = 5;
const problemsNamed = 3;

/** What is asked of an event. */
type Recorded = Pick<HistoryEvent, 'index' | 'process' | 'type' | 'f' | 'key'> & { readonly time: number };

/** Judges a history event by event, for whoever does not hold all of it. */
export interface WellFormedJudge {
  /** False from the first event on that does not fit: what follows means nothing. */
  add(event: Recorded): boolean;
  /** `damage`: what could not be read. */
  finish(damage?: readonly string[]): PropertyResult;
}

export function judgeWellFormed(
  history: readonly HistoryEvent[],
  damage: readonly string[] = [],
): PropertyResult {
  const judge = makeWellFormedJudge();
  for (const event of history) judge.add(event);
  return judge.finish(damage);
}

export function makeWellFormedJudge(): WellFormedJudge {
  const problems: string[] = [];
  let problemCount = 0;
  let count = 0;
  const open = new Map<number, Recorded>();
  const retired = new Set<number>();
  let previous: Recorded | undefined;
  return {
    add: (event) => {
      const problem = problemOf(event, previous, open.get(event.process), retired);
      if (problem !== null) {
        problemCount += 1;
        if (problems.length < problemsShown) problems.push(`event ${event.index}: ${problem}`);
      }
      if (event.type === 'invoke') open.set(event.process, event);
      else open.delete(event.process);
      if (event.type === 'info') retired.add(event.process);
      previous = event;
      count += 1;
      return problemCount === 0;
    },
    finish: (damage = []) => {
      if (problemCount > 0) {
        return {
          verdict: 'unknown',
          reason: `the history is not well-formed, which is the recorder's fault: ${named(problems, problemCount)}`,
          details: { problems, problemCount },
        };
      }
      const torn = damage.length === 0 ? '' : `; ${damage.join('; ')}`;
      const unanswered = open.size === 0 ? '' : `, ${counted(open.size, 'operation')} without a completion`;
      return { verdict: 'valid', reason: `${counted(count, 'event')}${unanswered}${torn}` };
    },
  };
}

function named(problems: readonly string[], count: number): string {
  const rest = count - problemsNamed;
  return [...problems.slice(0, problemsNamed), ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
}

function problemOf(
  event: Recorded,
  previous: Recorded | undefined,
  invocation: Recorded | undefined,
  retired: ReadonlySet<number>,
): string | null {
  const expectedIndex = previous === undefined ? 0 : previous.index + 1;
  if (event.index !== expectedIndex) return `the index should be ${expectedIndex}`;
  if (previous !== undefined && event.time < previous.time)
    return 'its time is before that of the event before it';
  if (retired.has(event.process)) return `process ${event.process} goes on after an info`;
  if (event.type === 'invoke') {
    return invocation === undefined
      ? null
      : `process ${event.process} invokes while its event ${invocation.index} is open`;
  }
  if (invocation === undefined) return `process ${event.process} completes what it never invoked`;
  if (invocation.f !== event.f)
    return `${event.f} completes event ${invocation.index}, which is ${invocation.f}`;
  if (!equalJson(invocation.key, event.key)) return `another key than that of event ${invocation.index}`;
  return null;
}
