import type { FileEvent } from './format.ts';

/** Writes a history event by event, each as one line with its line break. Throws UsageError on an event that the format has no words for. */
export type EventWriter = (event: FileEvent) => string;

/** Our own lines, as the recorder writes them. */
export const writeFtcheckLine: EventWriter = ({ index, time, process, type, f, key, value, error }) =>
  `${JSON.stringify({ index, time, process, type, f, key, value, error })}\n`;
