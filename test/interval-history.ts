/** Small histories as rows of words, one for each operation: `enqueue a 1-4`, `dequeue a 2-5`, `dequeue nothing 3-6`, `dequeue ? 7-`. */
import type { HistoryEvent } from '../core/history.ts';
import { nanos } from '../core/units.ts';
import { tableOf, type OperationTable } from '../checker/history/operation-table.ts';

/**
 * What is put there is the argument of what begins with `adds`, else the result. Times differ, and only their order counts; an operation without
 * an end has no answer. Rows are in order of the words, which must be the order of call.
 */
export function intervalHistory(words: readonly string[], adds: readonly string[]): OperationTable {
  const events = words.flatMap((line, process): Omit<HistoryEvent, 'index'>[] => {
    const [f = '', item = '', interval = ''] = line.split(' ');
    const [from = '', to = ''] = interval.split('-');
    const isAdd = adds.includes(f);
    const base = { process, f, key: 'x' };
    const invocation = {
      ...base,
      time: nanos(Number(from)),
      type: 'invoke' as const,
      value: isAdd ? item : null,
    };
    if (to === '') return [invocation];
    const result = isAdd || item === 'nothing' ? null : item;
    return [invocation, { ...base, time: nanos(Number(to)), type: 'ok', value: result }];
  });
  const inOrder = events.sort((a, b) => a.time - b.time);
  return tableOf(inOrder.map((event, index) => ({ index, ...event })));
}
