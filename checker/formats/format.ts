import type { TableEvent } from '../history/operation-table.ts';

/** The formats of history files that are read. */
export const formatNames = ['ftcheck', 'edn', 'jepsen-log'] as const;
export type FormatName = (typeof formatNames)[number];

/** An event of a history file in our own convention, whatever the file's. Line order is real-time order. */
export interface FileEvent extends TableEvent {
  /** Counts from 0, but for our own files, which say it themselves. */
  readonly index: number;
  readonly error?: string;
}

/** The event, with what went wrong, if anything did. Most events have nothing there, and those of one shape are read fastest. */
export const withError = (event: FileEvent, error: string | undefined): FileEvent =>
  error === undefined ? event : { ...event, error };

/** What failed cas operations of Jepsen's formats prove: that the value differed, or only that nothing happened. */
export type FailedCas = 'differs' | 'drop';

/** How a file is to be read. */
export interface ReadOptions {
  /** As errors name the file. */
  readonly file: string;
  /** Undefined: as is usual in the format. */
  readonly failedCas?: FailedCas | undefined;
  /** Whether the object may answer nil. Where it may not, nil says that nobody knows what was read, as in Knossos. Undefined: it may. */
  readonly mayAnswerNil?: ((f: string) => boolean) | undefined;
  /** Operations that answer more than that they were done, which Jepsen's formats do not tell. */
  readonly mustAnswer?: ReadonlySet<string> | undefined;
  /** The value of each operation is `[key value]`, as jepsen.independent has it. */
  readonly independent?: boolean | undefined;
}

/** Takes what a parser finds. */
export interface EventSink {
  event(event: FileEvent): void;
  /** What could not be read, and was left out: one line of words. */
  damage(words: string): void;
}

/** A file comes in pieces, cut anywhere. Both throw UsageError with `file:line:column` and the reason. */
export interface Parser {
  write(bytes: Uint8Array): void;
  end(): void;
}
