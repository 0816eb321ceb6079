import type { RecordedRun } from '../../core/checker.ts';
import { operationsOf } from '../../core/history.ts';
import { loadWindow } from '../load.ts';
import type { SingleRun, TimedOperation } from './blocks.ts';

/** The ok operations of a run under load, by the time at which they ended. Latencies as in a verdict: of the impl's own stub only. */
export function timedOperations({
  history,
  trace,
}: Pick<RecordedRun, 'history' | 'trace'>): Pick<SingleRun, 'operations' | 'measuredMs'> {
  const { fromNs, toNs } = loadWindow(history, trace);
  const operations = operationsOf(history).flatMap(({ invocation, completion }): TimedOperation[] => {
    if (completion?.type !== 'ok' || invocation.final === true || completion.time > toNs) return [];
    const latencyMs = (completion.time - (invocation.due ?? invocation.time)) / 1e6;
    return [
      {
        endMs: (completion.time - fromNs) / 1e6,
        latencyMs: invocation.node === undefined ? latencyMs : null,
      },
    ];
  });
  return { operations, measuredMs: Math.max(0, (toNs - fromNs) / 1e6) };
}
