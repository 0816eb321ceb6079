import type { RecordedRun } from '../core/checker.ts';
import type { Operation } from '../core/history.ts';
import type { TraceEvent } from '../core/trace.ts';
import type { Count } from './effect-count.ts';
import { models } from './models/models.ts';
import { eventsNamed } from './run-index.ts';
import { numberOf, phaseStart, textOf } from './trace-facts.ts';
import { counted, listed } from './words.ts';

/** What replicas say they executed. Null: the trace tells of no execution. */
export function judgeExecutions(run: RecordedRun, operations: readonly Operation[]): Count | null {
  const { trace, damage } = run;
  const { executed, violations } = executionsIn(trace);
  if (executed.size === 0) return null;
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
    details: { executed: executed.size, duplicatesAnswered: eventsNamed(trace, 'cached').length },
  };
}

interface Executions {
  /** Every request that was executed, with a number. */
  readonly executed: ReadonlyMap<string, number>;
  readonly violations: string[];
}

/** A replica executes a request once in a life; state that it takes over may hold other requests, so counting begins again there. */
function executionsIn(trace: readonly TraceEvent[]): Executions {
  const executed = new Map<string, number>();
  const byNode = new Map<string, (TraceEvent | undefined)[]>(); // by the number of the request
  const violations: string[] = [];
  for (const event of eventsNamed(trace, 'executed', 'state-transfer')) {
    if (event.event === 'state-transfer') {
      if (event['phase'] === 'received') byNode.delete(event.node);
      continue;
    }
    const request = textOf(event['request']);
    let number = executed.get(request);
    if (number === undefined) executed.set(request, (number = executed.size));
    let own = byNode.get(event.node);
    if (own === undefined) byNode.set(event.node, (own = []));
    const before = own[number];
    if (before !== undefined) {
      const [first, second] = [positionOf(before), positionOf(event)];
      violations.push(
        `${event.node} executed request ${request} twice, as message ${first} and as ${second}`,
      );
    }
    own[number] = event;
  }
  return { executed, violations };
}

const positionOf = (event: TraceEvent): string => `${numberOf(event['view'])}/${numberOf(event['n'])}`;

/** Requests with an effect that got an ok. Reads are left out: nothing of them remains anywhere. */
function answeredNotExecuted(
  { plan }: RecordedRun,
  operations: readonly Operation[],
  executed: ReadonlyMap<string, number>,
): string[] {
  const model = models[plan.workload.model];
  if (model === undefined) return [];
  const requests: string[] = [];
  for (const { invocation, completion } of operations) {
    const { request, f, key, value } = invocation;
    if (completion?.type !== 'ok' || request === undefined || executed.has(request)) continue;
    const isPure = model.isPure?.({ f, key, value, result: completion.value });
    if (isPure !== true && f !== 'read') requests.push(request);
  }
  return requests;
}

/** Some node was killed before all were stopped. One that ended by itself had written all it had to say. */
function someoneDied(trace: readonly TraceEvent[]): boolean {
  const stopped = phaseStart(trace, 'stop') ?? Infinity;
  return eventsNamed(trace, 'node-exit').some((event) => event['signal'] !== null && event.time < stopped);
}
