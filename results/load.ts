import { operationsOf, type HistoryEvent, type Operation } from '../core/history.ts';
import type { TraceEvent } from '../core/trace.ts';
import { distributionOf, rounded, type Distribution } from './statistics.ts';

/** How operations ended; `info` counts those, too, whose completion was never recorded. */
export interface OperationCounts {
  readonly invoked: number;
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
}

export interface Throughput {
  /** Ok operations a second, from the start of warm-up to the end of settling; null when nothing was measured. */
  readonly opsPerSecond: number | null;
  readonly measuredMs: number;
}

/** What clients got from the system, faults included. */
export interface Load {
  readonly operations: OperationCounts;
  readonly operationsByKind: Readonly<Record<string, OperationCounts>>;
  readonly latency: Distribution & { readonly byKind: Readonly<Record<string, Distribution>> };
  /** The sample behind `latency`, by kind. */
  readonly latenciesMs: ReadonlyMap<string, readonly number[]>;
  readonly throughput: Throughput;
  /** Ok operations of every client between the start of warm-up and the end of settling. */
  readonly okUnderLoad: number;
}

export function loadOf(history: readonly HistoryEvent[], trace: readonly TraceEvent[]): Load {
  const operations = operationsOf(history);
  const window = loadWindow(history, trace);
  const inWindow = operations.filter(
    ({ invocation, completion }) =>
      invocation.final !== true && completion?.type === 'ok' && completion.time <= window.toNs,
  );
  const latenciesMs = latenciesOf(operations);
  const measuredMs = Math.max(0, (window.toNs - window.fromNs) / 1e6);
  return {
    operations: countsOf(operations),
    operationsByKind: Object.fromEntries(
      [...groupByKind(operations)].map(([kind, some]) => [kind, countsOf(some)]),
    ),
    latency: {
      ...distributionOf([...latenciesMs.values()].flat()),
      byKind: Object.fromEntries([...latenciesMs].map(([kind, values]) => [kind, distributionOf(values)])),
    },
    latenciesMs,
    throughput: {
      opsPerSecond: measuredMs === 0 ? null : rounded(inWindow.length / (measuredMs / 1000)),
      measuredMs: rounded(measuredMs),
    },
    okUnderLoad: inWindow.length,
  };
}

function countsOf(operations: readonly Operation[]): OperationCounts {
  const ended = (type: string): number =>
    operations.reduce((sum, { completion }) => sum + (completion?.type === type ? 1 : 0), 0);
  const ok = ended('ok');
  const fail = ended('fail');
  return { invoked: operations.length, ok, fail, info: operations.length - ok - fail };
}

function groupByKind(operations: readonly Operation[]): Map<string, Operation[]> {
  const groups = new Map<string, Operation[]>();
  for (const operation of operations) {
    const kind = operation.invocation.f;
    const group = groups.get(kind);
    if (group === undefined) groups.set(kind, [operation]);
    else group.push(operation);
  }
  return groups;
}

/**
 * From when an operation was due, where that was planned (open loop), so that a stall is charged to all that it delayed. Only operations
 * of the impl's own stub: a pinned worker may ask nobody but its node, and final reads come when all load is gone.
 */
function latenciesOf(operations: readonly Operation[]): Map<string, number[]> {
  const latencies = new Map<string, number[]>();
  for (const { invocation, completion } of operations) {
    if (completion?.type !== 'ok' || invocation.final === true || invocation.node !== undefined) continue;
    const ms = (completion.time - (invocation.due ?? invocation.time)) / 1e6;
    const values = latencies.get(invocation.f);
    if (values === undefined) latencies.set(invocation.f, [ms]);
    else values.push(ms);
  }
  return latencies;
}

/** From the start of warm-up to the end of settling, as far as the record goes. */
export function loadWindow(
  history: readonly HistoryEvent[],
  trace: readonly TraceEvent[],
): { readonly fromNs: number; readonly toNs: number } {
  const phase = (name: string): number | undefined =>
    trace.find((event) => event.event === 'phase' && event['phase'] === name)?.time;
  const last = history.at(-1)?.time ?? 0;
  const fromNs = phase('warm-up') ?? history[0]?.time ?? 0;
  return { fromNs, toNs: phase('final-reads') ?? phase('stop') ?? phase('end') ?? last };
}
