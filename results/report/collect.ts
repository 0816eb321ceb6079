import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { isJsonObject } from '../../core/json.ts';
import { runFiles } from '../run-directory.ts';
import type { VerdictFile } from '../verdict-schema.ts';
import { counterexampleOf } from './counterexample.ts';
import { latencyWindowsOf } from './latency-windows.ts';
import { linearizationPoints } from './linearization-points.ts';
import { rowsBuilder, type OperationRows, type RowsOptions } from './operation-rows.ts';
import { forEachLine, objectIn } from './read-lines.ts';
import {
  neverTick,
  type FaultLane,
  type NodeLane,
  type OperationColumns,
  type OutageSpan,
  type ReportData,
  type Span,
} from './report-data.ts';
import { readTraceFacts, type TraceFacts } from './trace-facts.ts';

const usualOptions: RowsOptions = { textCharactersMax: 120, allTextCharactersMax: 3_000_000 };
/** For what is to be read by programs, and not to be shown. */
export const wholeTexts: RowsOptions = { textCharactersMax: Infinity, allTextCharactersMax: Infinity };

/** What lies in the directory of a run before it is judged. */
export interface RunRecord {
  readonly rows: OperationRows;
  readonly trace: TraceFacts;
}

export function readRecord(runDir: string, options: RowsOptions = usualOptions): RunRecord {
  const builder = rowsBuilder(options);
  forEachLine(join(runDir, runFiles.history), (line) => {
    const event = objectIn(line);
    if (event !== null) builder.add(event);
  });
  const rows = builder.rows();
  return { rows, trace: readTraceFacts(join(runDir, runFiles.trace), rows.lastNs) };
}

/** Everything that a report shows of a run, from what lies in its directory; what is known of that may be given. */
export function collectReport(
  runDir: string,
  known: { readonly verdict?: VerdictFile; readonly record?: RunRecord } = {},
): ReportData {
  const verdict = known.verdict ?? readVerdict(runDir);
  const { rows, trace } = known.record ?? readRecord(runDir);
  const endNs = trace.lastNs;
  const tickNs = tickNsFor(endNs);
  const tick = (ns: number): number => Math.floor(ns / tickNs);
  const columns = columnsOf(rows, tickNs, join(runDir, runFiles.linearization));
  const faults = faultLanes(verdict, trace, endNs);
  const facts = {
    verdict,
    tickNs,
    end: tick(endNs),
    kinds: rows.kinds,
    clients: rows.clients,
    keys: rows.keys,
    texts: rows.texts,
    phases: spansIn(tick, trace.phases),
    faults: faults.map((fault) => inTicks(fault, tick)),
    nodes: trace.nodes.map((node) => nodeIn(tick, node)),
    outages: outageSpans(verdict, trace, tickNs),
    lag: trace.lag.map(({ at, maxMs }) => ({ at: tick(at), maxMs })),
    windows: latencyWindowsOf(rows, faults, loadOf(trace, endNs)),
  };
  const counterexample = counterexampleOf({ runDir, verdict, rows, columns, facts });
  return { facts: { ...facts, counterexample }, columns };
}

export function readVerdict(runDir: string): VerdictFile {
  const path = join(runDir, runFiles.verdict);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new UsageError(
      `${path} cannot be read; ftcheck check ${runDir} judges the run and writes it`,
      cause,
    );
  }
  if (isVerdictFile(value)) return value;
  throw new UsageError(`${path}: not in the format ftcheck-verdict-1; ftcheck check --write makes it anew`);
}

/** By its format's name, whose promise is the rest. */
const isVerdictFile = (value: unknown): value is VerdictFile =>
  isJsonObject(value) && value['format'] === 'ftcheck-verdict-1';

/** A microsecond, or as much longer as a long run needs to fit into 32 bits. */
export function tickNsFor(endNs: number): number {
  let tickNs = 1000;
  while (endNs / tickNs >= neverTick) tickNs *= 10;
  return tickNs;
}

function columnsOf(rows: OperationRows, tickNs: number, linearizationPath: string): OperationColumns {
  const ticks = (ns: Float64Array): Uint32Array => {
    const column = new Uint32Array(ns.length);
    for (let row = 0; row < ns.length; row++) {
      const value = ns[row] ?? Infinity;
      column[row] = value === Infinity ? neverTick : Math.floor(value / tickNs);
    }
    return column;
  };
  const { count, outcome, kind, client, key, argument, result, rowOfEvent } = rows;
  const invoked = ticks(rows.invokedNs);
  const completed = ticks(rows.completedNs);
  const point = linearizationPoints(linearizationPath, { count, invoked, completed, rowOfEvent });
  const due = ticks(rows.dueNs);
  return { count, invoked, completed, due, outcome, kind, client, key, argument, result, point };
}

const spansIn = (tick: (ns: number) => number, spans: readonly Span[]): Span[] =>
  spans.map(({ name, from, to }) => ({ name, from: tick(from), to: tick(to) }));

const nodeIn = (tick: (ns: number) => number, node: NodeLane): NodeLane => ({
  slot: node.slot,
  members: spansIn(tick, node.members),
  roles: spansIn(tick, node.roles),
  views: spansIn(tick, node.views),
  marks: node.marks.map((mark) => ({ ...mark, at: tick(mark.at) })),
});

/** In nanoseconds. */
const faultLanes = ({ faults }: VerdictFile, { effectNs }: TraceFacts, endNs: number): FaultLane[] =>
  faults.map((fault) => ({
    id: fault.id,
    name: fault.name,
    class: fault.class,
    targets: fault.target.split(','),
    begin: fault.beginNs,
    effect: effectNs.get(fault.id) ?? null,
    end: fault.endNs ?? endNs,
  }));

const inTicks = (fault: FaultLane, tick: (ns: number) => number): FaultLane => ({
  ...fault,
  begin: tick(fault.begin),
  effect: fault.effect === null ? null : tick(fault.effect),
  end: tick(fault.end),
});

/** Where the record has no effect of a fault, nothing is counted from it. */
function outageSpans(verdict: VerdictFile, { effectNs }: TraceFacts, tickNs: number): OutageSpan[] {
  return (verdict.properties.failover?.outages ?? []).flatMap(({ id, outageMs, phases }) => {
    const effect = effectNs.get(id);
    if (effect === undefined) return [];
    const at = (ms: number | null): number | null =>
      ms === null ? null : Math.floor((effect + ms * 1e6) / tickNs);
    return [
      {
        fault: id,
        effect: Math.floor(effect / tickNs),
        detected: at(phases.detectMs),
        agreed: at(phases.agreeMs),
        recovered: at(phases.recoverMs),
        fullStrength: at(phases.fullStrengthMs),
        back: at(outageMs),
      },
    ];
  });
}

/** When there was load: from the start of warm-up to the end of settling. */
function loadOf({ phases }: TraceFacts, endNs: number): { readonly from: number; readonly to: number } {
  const last = phases.find(({ name }) => name === 'final-reads' || name === 'stop');
  return { from: phases.find(({ name }) => name === 'warm-up')?.from ?? 0, to: last?.from ?? endNs };
}
