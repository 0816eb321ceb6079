import type { Checker } from '../core/checker.ts';
import type { HistoryEvent } from '../core/history.ts';
import { equalJson } from '../core/json.ts';
import type { PropertyResult } from '../core/verdict.ts';
import { counted, findings } from './words.ts';

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

export function judgeWellFormed(
  history: readonly HistoryEvent[],
  damage: readonly string[] = [],
): PropertyResult {
  const problems: string[] = [];
  const open = new Map<number, HistoryEvent>();
  const retired = new Set<number>();
  let previous: HistoryEvent | undefined;
  for (const event of history) {
    const problem = problemOf(event, previous, open.get(event.process), retired);
    if (problem !== null) problems.push(`event ${event.index}: ${problem}`);
    if (event.type === 'invoke') open.set(event.process, event);
    else open.delete(event.process);
    if (event.type === 'info') retired.add(event.process);
    previous = event;
  }
  if (problems.length > 0) {
    return {
      verdict: 'unknown',
      reason: `the history is not well-formed, which is the recorder's fault: ${findings(problems)}`,
      details: { problems: problems.slice(0, problemsShown), problemCount: problems.length },
    };
  }
  const torn = damage.length === 0 ? '' : `; ${damage.join('; ')}`;
  const unanswered = open.size === 0 ? '' : `, ${counted(open.size, 'operation')} without a completion`;
  return { verdict: 'valid', reason: `${counted(history.length, 'event')}${unanswered}${torn}` };
}

function problemOf(
  event: HistoryEvent,
  previous: HistoryEvent | undefined,
  invocation: HistoryEvent | undefined,
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
