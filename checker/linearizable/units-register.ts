import { isJsonList, type Json } from '../../core/json.ts';
import type { ModelOperation, TimedOperation } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';
import { casArguments } from '../models/register-operations.ts';
import { dependentsOfCells, valueName, type Touches, type ValueName } from './units-cells.ts';
import type { Dependents } from './units.ts';

/** A register is one cell: a cas that did not find what it expected missed it. */
export const dependentsOfRegister = (
  operations: readonly TimedOperation[],
  initial: Json = null,
): Dependents => dependentsOfCells(operations, touchRegister, () => valueName(initial));

function touchRegister(operation: ModelOperation, touches: Touches): void {
  const { f, value, result } = operation;
  if (f === 'write') return touches.writes('', valueName(value));
  if (f === 'read') return result === undefined ? undefined : touches.observes('', valueName(result));
  const [expects, replacement] = casArguments(operation);
  const expected = valueName(expects);
  const written = valueName(replacement);
  if (result === false) return touches.misses('', expected);
  touches.observes('', expected);
  if (written !== expected) touches.writes('', written);
}

/** A mutex is held or free. */
export const dependentsOfMutex = (operations: readonly TimedOperation[]): Dependents =>
  dependentsOfCells(
    operations,
    ({ f, result }, touches) => {
      const wanted = f === 'acquire';
      if (result !== undefined) touches.observes('', result === false ? wanted : !wanted);
      if (result !== false) touches.writes('', wanted);
    },
    () => undefined,
  );

/** Registers that are read and written several at once. */
export const dependentsOfMultiRegister = (operations: readonly TimedOperation[]): Dependents =>
  dependentsOfCells(operations, touchRegisters, () => undefined);

/** A transaction that reads what it wrote itself says nothing by that. */
function touchRegisters({ value, result }: ModelOperation, touches: Touches): void {
  if (!isJsonList(value)) return;
  const written = new Map<string, ValueName>();
  for (const [i, micro] of value.entries()) {
    if (!isJsonList(micro)) continue;
    const [f, name] = micro;
    const cell = typeof name === 'string' ? name : canonicalJson(name);
    if (f === 'write' || f === 'w') {
      written.set(cell, valueName(micro[2] ?? null));
      continue;
    }
    const answer = isJsonList(result) ? result[i] : undefined;
    if (isJsonList(answer) && !written.has(cell)) touches.observes(cell, valueName(answer[2] ?? null));
  }
  for (const [cell, last] of written) touches.writes(cell, last);
}
