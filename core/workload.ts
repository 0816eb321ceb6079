import type { ClientRequest, OptionSpec } from './impl.ts';
import type { HistoryEvent } from './history.ts';
import type { JsonObject } from './json.ts';
import type { Random } from './random.ts';

/** Makes the operations of one run. May look at what was answered before: a useful cas, an unlock. */
export interface Generator {
  next(process: number): ClientRequest;
  /** Told of every completion, before the next operation of that process is asked for. */
  completed(invocation: HistoryEvent, completion: HistoryEvent): void;
  /** The reads made after everything else has ended; each is asked until it is answered. */
  finalReads(): readonly ClientRequest[];
}

/** Plug-in: what clients ask for, and what judges their answers. */
export interface Workload {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionSpec[];
  /** The application in impls/apps that serves it. */
  readonly app: string;
  /** The sequential model in checker/models that judges it. */
  readonly model: string;
  readonly checkers: readonly string[];
  /** Operation kinds (`f`) of which each run must see some succeed. */
  readonly operationKinds: readonly string[];
  generator(options: JsonObject, random: Random): Generator;
}
