import { forEachLine, objectIn } from './read-lines.ts';
import type { OperationRows } from './operation-rows.ts';

/** By row of the operation: the request's id, under which traces speak of it; empty where the history has none. */
export type NamedRequests = ReadonlyMap<number, string>;

/** Operations that were invoked at these times or under these requests. A pass of its own over the history, since most runs need none. */
export function requestsIn(
  historyPath: string,
  wanted: {
    readonly invokedNs: ReadonlySet<number>;
    readonly requests: ReadonlySet<string>;
    readonly rows: OperationRows;
  },
): NamedRequests {
  const found = new Map<number, string>();
  if (wanted.invokedNs.size + wanted.requests.size === 0) return found;
  forEachLine(historyPath, (line) => {
    const request = requestIn(line);
    const isWanted = wanted.invokedNs.has(timeIn(line)) || (request !== null && wanted.requests.has(request));
    const event = isWanted ? objectIn(line) : null;
    if (event?.['type'] !== 'invoke') return;
    const index = event['index'];
    const row = typeof index === 'number' ? (wanted.rows.rowOfEvent[index] ?? -1) : -1;
    if (row >= 0) found.set(row, request ?? '');
  });
  return found;
}

const requestField = '"request":"';

/** Without parsing the line; null: it has none. Ids need no escapes. */
export function requestIn(line: string): string | null {
  const at = line.indexOf(requestField);
  if (at < 0) return null;
  const from = at + requestField.length;
  return line.slice(from, line.indexOf('"', from));
}

function timeIn(line: string): number {
  const at = line.indexOf('"time":');
  return at < 0 ? -1 : Number.parseInt(line.slice(at + 7, at + 27), 10);
}
