import type { Json } from '../../core/json.ts';
import type { Model } from '../../core/model.ts';
import type { OperationTable } from '../history/operation-table.ts';
import { partsOf } from '../history/parts.ts';
import { makeStates, type States } from '../linearizable/states.ts';
import { tableOperations } from '../linearizable/timeline-operations.ts';

/** The objects that operations are on, and what operations make of them. */
export interface Objects {
  readonly statesOf: readonly Pick<States, 'next' | 'bytes'>[];
  /** By operation: the object, and the kind among what its states know. */
  readonly partOf: Int32Array;
  readonly kindOf: Int32Array;
  /** By operation: whether it changes no state whatever. */
  readonly isPure: Uint8Array;
}

/** Operations by their row. */
export function objectsOf(
  table: OperationTable,
  { model, initial }: { readonly model: Model<unknown>; readonly initial?: Json | undefined },
): Objects {
  const partOf = new Int32Array(table.count);
  const kindOf = new Int32Array(table.count);
  const isPure = new Uint8Array(table.count);
  const statesOf = partsOf(table, model).map((part, number) => {
    const operations = tableOperations(part.table);
    const { kinds, kindCount } = operations;
    const isPureKind = Uint8Array.from({ length: kindCount }, (_, kind) =>
      model.isPure?.(operations.kindAt(kind)) === true ? 1 : 0,
    );
    for (let index = 0; index < part.table.count; index++) {
      const row = part.rows[index] ?? 0;
      const kind = kinds[index] ?? 0;
      partOf[row] = number;
      kindOf[row] = kind;
      isPure[row] = isPureKind[kind] ?? 0;
    }
    return makeStates(model, operations, {}, initial);
  });
  return { statesOf, partOf, kindOf, isPure };
}
