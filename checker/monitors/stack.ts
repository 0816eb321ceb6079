import { stack } from '../models/stack.ts';
import type { Monitor } from './monitor.ts';
import type { ListKind } from './queue-or-stack-columns.ts';
import { emptyFault } from './queue-or-stack-empty.ts';
import type { Invalid } from './queue-or-stack-fault.ts';
import { itemsOf, type Items } from './queue-or-stack-items.ts';
import { contradiction, nestingFault } from './stack-contradiction.ts';
import { placeOfEmpty } from './stack-empty.ts';
import { linearizationOfStack } from './stack-linearization.ts';
import { livesOf } from './stack-lives.ts';
import { makeNesting } from './stack-nesting.ts';
import { takeLost } from './stack-unknown.ts';

const kind: ListKind = {
  model: stack,
  add: 'push',
  remove: 'pop',
  added: 'pushed',
  removed: 'popped',
  isFifo: false,
};

/** A stack, by taking away what can be at its bottom, again and again [after Lee & Mathur 2025]: O(n log n). */
export const stackMonitor: Monitor = {
  name: 'stack',
  judge: (table, context) => {
    const items = itemsOf(table, context.initial, kind);
    if ('verdict' in items) return items;
    const hasLost = items.unknown.length > 0 && items.removes.includes(-1);
    const taken = hasLost ? takeLost(items) : (faultOf(items) ?? items);
    if (taken === 'unsure')
      return { verdict: 'undecided', why: 'nobody knows which values pops without an answer took' };
    if ('verdict' in taken) return items.explained(taken);
    if (items.isPartial) return { verdict: 'undecided', why: 'equal values were there at once' };
    return { verdict: 'valid', linearization: () => linearizationOfStack(taken) };
  },
};

/** Where all is known. */
function faultOf(items: Items): Invalid | null {
  const lives = livesOf(items, []);
  const nesting = makeNesting(lives);
  const row = items.empties.find((empty) => placeOfEmpty(items, lives, nesting, empty) < 0);
  if (row !== undefined) return emptyFault(items, row, kind.remove, []);
  return nesting.settle() ? null : nestingFault(items, lives, contradiction(lives, nesting.isAway), '');
}
