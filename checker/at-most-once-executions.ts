import type { RecordedRun } from '../core/checker.ts';
import type { Operation } from '../core/history.ts';
import type { TraceEvent } from '../core/trace.ts';
import type { Count } from './effect-count.ts';
import { models } from './models/models.ts';
import { numberOf, phaseStart, textOf } from './trace-facts.ts';
import { counted, listed } from './words.ts';

/** What replicas say they executed. Null: the trace tells of no execution. */
export function judgeExecutions(run: RecordedRun, operations: readonly Operation[]): Count | null {
  const { trace, damage } = run;
  const executed = new Set<string>();
  for (const event of trace) if (event.event === 'executed') executed.add(textOf(event['request']));
  if (executed.size === 0) return null;
  const cached = trace.reduce((sum, { event }) => sum + (event === 'cached' ? 1 : 0), 0);
  const violations = [...executedTwice(trace)];
  const gaps: string[] = [];
  const lost = answeredNotExecuted(run, operations, executed);
  if (lost.length > 0) {
    const what = `${counted(lost.length, 'request')} answered but executed by no replica: ${listed(lost)}`;
    // Who died may have executed it without coming to say so.
    if (damage.trace.length > 0) gaps.push(`${what}, which the damage of the trace may explain`);
    else if (someoneDied(trace)) gaps.push(`${what}, which the trace of a node that was killed may lack`);
    else violations.push(what);
  }
  return {
    violations,
    gaps,
    counted: `${counted(executed.size, 'request')} executed, none twice by a replica`,
    details: { executed: executed.size, duplicatesAnswered: cached },
  };
}

/** A replica executes a request once in a life; state that it takes over may hold other requests, so counting begins again there. */
function* executedTwice(trace: readonly TraceEvent[]): Generator<string> {
  const byNode = new Map<string, Map<string, string>>();
  for (const event of trace) {
    if (event.event === 'state-transfer' && event['phase'] === 'received') byNode.delete(event.node);
    if (event.event !== 'executed') continue;
    let own = byNode.get(event.node);
    if (own === undefined) {
      own = new Map();
      byNode.set(event.node, own);
    }
    const request = textOf(event['request']);
    const position = `${numberOf(event['view'])}/${numberOf(event['n'])}`;
    const before = own.get(request);
    if (before !== undefined)
      yield `${event.node} executed request ${request} twice, as message ${before} and as ${position}`;
    own.set(request, position);
  }
}

/** Requests with an effect that got an ok. Reads are left out: nothing of them remains anywhere. */
function answeredNotExecuted(
  { plan }: RecordedRun,
  operations: readonly Operation[],
  executed: ReadonlySet<string>,
): string[] {
  const model = models[plan.workload.model];
  return operations.flatMap(({ invocation, completion }) => {
    const { request, f, key, value } = invocation;
    if (completion?.type !== 'ok' || request === undefined || executed.has(request)) return [];
    const isPure = model?.isPure?.({ f, key, value, result: completion.value });
    return isPure === true || f === 'read' || model === undefined ? [] : [request];
  });
}

/** Some node was killed before all were stopped. One that ended by itself had written all it had to say. */
function someoneDied(trace: readonly TraceEvent[]): boolean {
  const stopped = phaseStart(trace, 'stop') ?? Infinity;
  return trace.some(
    (event) => event.event === 'node-exit' && event['signal'] !== null && event.time < stopped,
  );
}
