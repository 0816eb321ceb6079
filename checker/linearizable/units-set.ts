import { isJsonList, type Json } from '../../core/json.ts';
import type { ModelOperation, TimedOperation } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';
import { dependentsOfCells, type Touches } from './units-cells.ts';
import type { Dependents } from './units.ts';

/** A set has a cell for each element, which is there or not. */
export function dependentsOfSet(operations: readonly TimedOperation[]): Dependents {
  // Only of these can anybody meet that they are missing again.
  const removed = new Set(
    operations
      .filter(({ f, result }) => f === 'remove' && result !== false)
      .map(({ value }) => canonicalJson(value)),
  );
  return dependentsOfCells(
    operations,
    (operation, touches) => {
      if (operation.f === 'read') touchAll(operation.result, removed, touches);
      else touchElement(operation, touches);
    },
    () => undefined,
  );
}

function touchAll(result: Json | undefined, removed: ReadonlySet<string>, touches: Touches): void {
  if (!isJsonList(result)) return;
  const found = new Set(result.map((element) => canonicalJson(element)));
  for (const cell of found) touches.observes(cell, true);
  for (const cell of removed) if (!found.has(cell)) touches.observes(cell, false);
}

function touchElement({ f, value, result }: ModelOperation, touches: Touches): void {
  const cell = canonicalJson(value);
  if (f === 'contains') {
    if (typeof result === 'boolean') touches.observes(cell, result);
    return;
  }
  const wanted = f === 'add';
  if (typeof result === 'boolean') touches.observes(cell, result ? !wanted : wanted);
  if (result !== false) touches.writes(cell, wanted);
}
