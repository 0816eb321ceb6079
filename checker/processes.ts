import type { Checker, RecordedRun } from '../core/checker.ts';
import type { TraceEvent } from '../core/trace.ts';
import type { PropertyResult } from '../core/verdict.ts';
import { eventsNamed } from './run-index.ts';
import { numberOf, phaseStart, textOf } from './trace-facts.ts';
import { counted, listed } from './words.ts';

/** A process of the system under test that ends by its own fault is a finding, whatever the group makes of it. */
export const processes = {
  name: 'processes',
  description: 'no process of the system ended by itself, but for those that learnt that they were excluded',
  check: (run) => judgeProcesses(run),
} satisfies Checker;

/** What only the process itself can bring about; anything else that kills it came from outside. */
const ownSignals: ReadonlySet<string> = new Set([
  'SIGSEGV',
  'SIGABRT',
  'SIGBUS',
  'SIGILL',
  'SIGFPE',
  'SIGTRAP',
]);
/** Exit codes by which a node says that its surroundings failed it, or that it ended in order. */
const excusedCodes: ReadonlySet<number> = new Set([0, 17, 74, 75, 254]);

export function judgeProcesses({ trace }: RecordedRun): PropertyResult {
  const stop = phaseStart(trace, 'stop') ?? Infinity;
  const exits = eventsNamed(trace, 'node-exit').filter(({ time }) => time < stop);
  const crashed = exits.filter(endedByItself);
  if (crashed.length > 0) {
    const each = crashed.map(({ node, code, signal }) =>
      typeof code === 'number' ? `${node} with exit code ${code}` : `${node} by ${textOf(signal)}`,
    );
    return {
      verdict: 'invalid',
      reason: `${counted(crashed.length, 'process ended', 'processes ended')} by itself: ${listed(each)}; nodes/ in the run directory has what it printed`,
    };
  }
  const starts = eventsNamed(trace, 'node-start').length;
  return {
    verdict: 'valid',
    reason: `${counted(starts, 'process', 'processes')} started, none ended by itself`,
  };
}

function endedByItself(exit: TraceEvent): boolean {
  if (exit['expected'] !== false) return false;
  if (typeof exit['code'] === 'number') return !excusedCodes.has(numberOf(exit['code']));
  return ownSignals.has(textOf(exit['signal']));
}
