import { existsSync, readFileSync } from 'node:fs';
import { isJsonList, isJsonObject } from '../../core/json.ts';
import { neverTick } from './report-data.ts';

/** `linearization.json`: for each part of the history one order that explains it, as indices of invocation events. */
interface Part {
  readonly order: readonly unknown[];
}

/** The columns that a point lies between, in ticks. */
export interface PointColumns {
  readonly count: number;
  readonly invoked: Uint32Array;
  readonly completed: Uint32Array;
  readonly rowOfEvent: Int32Array;
}

/** When each operation took effect in the order that was found: as early as the order and its invocation allow. `neverTick` where none is known. */
export function linearizationPoints(path: string, columns: PointColumns): Uint32Array {
  const points = new Uint32Array(columns.count).fill(neverTick);
  for (const { order } of partsIn(path)) placeInOrder(order, columns, points);
  return points;
}

function placeInOrder(order: readonly unknown[], columns: PointColumns, points: Uint32Array): void {
  let previous = 0;
  for (const index of order) {
    const row = typeof index === 'number' ? (columns.rowOfEvent[index] ?? -1) : -1;
    if (row < 0) continue;
    const point = Math.max(previous, columns.invoked[row] ?? 0);
    // An order that does not respect the times that were recorded belongs to another history.
    if (point > (columns.completed[row] ?? 0)) return;
    points[row] = point;
    previous = point;
  }
}

function partsIn(path: string): Part[] {
  const file = parsed(path);
  if (!isJsonObject(file) || file['format'] !== 'ftcheck-linearization-1') return [];
  const parts = file['parts'];
  if (!isJsonList(parts)) return [];
  return parts.flatMap((part) => {
    const order = isJsonObject(part) ? part['order'] : undefined;
    return isJsonList(order) ? [{ order }] : [];
  });
}

/** Whether it is there and can be read or not: points are an addition to the picture. */
function parsed(path: string): unknown {
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
