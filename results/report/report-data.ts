import type { VerdictFile } from '../verdict-schema.ts';

/**
 * What the page of report.html draws. `facts` stand in the page as JSON, `columns` as binary; both come from a stored run alone. Times are
 * ticks since the run's start: `tickNs` nanoseconds each, a microsecond unless the run is longer than an hour.
 */
export interface ReportData {
  readonly facts: ReportFacts;
  readonly columns: OperationColumns;
}

export interface ReportFacts {
  readonly verdict: VerdictFile;
  readonly tickNs: number;
  /** Ticks from the start to the last event of history or trace. */
  readonly end: number;
  /** Names by number, as the columns use them. */
  readonly kinds: readonly string[];
  /** One for each worker: c1, c2, pn1 (pinned to n1); in order of first use. */
  readonly clients: readonly string[];
  /** Empty for operations without a key. */
  readonly keys: readonly string[];
  /** Arguments and results as text, by number; empty where there are too many operations for it. */
  readonly texts: readonly string[];
  readonly phases: readonly Span[];
  readonly faults: readonly FaultLane[];
  readonly nodes: readonly NodeLane[];
  readonly outages: readonly OutageSpan[];
  /** How late the harness's own event loop ran. */
  readonly lag: readonly { readonly at: number; readonly maxMs: number }[];
  readonly windows: readonly LatencyWindow[];
  readonly counterexample: Counterexample | null;
}

/** Half open; `to` is the run's end where it never ended. */
export interface Span {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** What was broken and when; `effect` null: it never came into force. */
export interface FaultLane {
  readonly id: string;
  readonly name: string;
  readonly class: string;
  readonly targets: readonly string[];
  readonly begin: number;
  readonly effect: number | null;
  readonly end: number;
}

/** The life of one slot: its processes one after another, what they were, what they believed. */
export interface NodeLane {
  readonly slot: string;
  /** Name: member (`n1.0`). From process start to its exit. */
  readonly members: readonly Span[];
  /** Name: role (primary, backup, ...). */
  readonly roles: readonly Span[];
  /** Name: number of the view. */
  readonly views: readonly Span[];
  readonly marks: readonly { readonly at: number; readonly name: string; readonly words: string }[];
}

/** Since a fault's effect; a phase that was not seen is null. */
export interface OutageSpan {
  readonly fault: string;
  readonly effect: number;
  readonly detected: number | null;
  readonly agreed: number | null;
  readonly recovered: number | null;
  readonly fullStrength: number | null;
  /** The first ok of an operation invoked after the effect. */
  readonly back: number | null;
}

/** Latency of the ok operations that began in a stretch of the run: before, during and after each fault. */
export interface LatencyWindow {
  readonly name: string;
  /** The fault that it belongs to; null: the whole run. */
  readonly fault: string | null;
  readonly place: 'all' | 'before' | 'during' | 'after';
  readonly count: number;
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
  /** At most 200 points [milliseconds, share of operations that took no longer], rising. */
  readonly cdf: readonly (readonly [number, number])[];
}

/** The smallest part of the history that is still wrong, and what happened around it. */
export interface Counterexample {
  readonly property: string;
  /** Paragraphs. */
  readonly words: readonly string[];
  readonly key: string | null;
  readonly operations: readonly WitnessOperation[];
  readonly from: number;
  readonly to: number;
  /** Lifelines from top to bottom: clients, then members. */
  readonly lines: readonly string[];
  readonly messages: readonly Message[];
}

export interface WitnessOperation {
  /** Its row in the columns; -1 where it is not known. */
  readonly row: number;
  readonly client: string;
  /** `write x 3 → ok` */
  readonly words: string;
  readonly invoked: number;
  readonly completed: number | null;
  readonly outcome: Outcome;
}

/**
 * An arrow of the space-time diagram; `received` null: it did not arrive. Where `from` is `to`, it is something that happened at one lifeline.
 * The line `clients` stands for any of several clients.
 */
export interface Message {
  readonly from: string;
  readonly to: string;
  readonly sent: number;
  readonly received: number | null;
  readonly words: string;
}

export type Outcome = 'ok' | 'fail' | 'info';
/** By number, as the column `outcome` has them. */
export const outcomes: readonly Outcome[] = ['ok', 'fail', 'info'];

/** In the place of a tick: never. */
export const neverTick = 0xffff_ffff;
/** In the place of a text's number: none. */
export const noText = -1;

/** One row for each operation, in order of invocation. */
export interface OperationColumns {
  readonly count: number;
  readonly invoked: Uint32Array;
  /** `neverTick` where no completion was recorded. */
  readonly completed: Uint32Array;
  /** When it should have begun (open loop), else `invoked`: latency counts from here. */
  readonly due: Uint32Array;
  readonly outcome: Uint8Array;
  readonly kind: Uint8Array;
  readonly client: Uint16Array;
  readonly key: Uint32Array;
  readonly argument: Int32Array;
  readonly result: Int32Array;
  /** When it took effect in one order that explains the history; `neverTick` where none is known. */
  readonly point: Uint32Array;
}
