import { extended, type TextNode } from './kv-append-text.ts';

/** An operation that knows what the reads of its history begin with. */
export interface Foreseen {
  readonly horizon?: Horizon;
  /** No read shows what it wrote. */
  readonly isUnread?: boolean;
}

/**
 * What becomes of a text that no read begins with: nothing tells it from any other such text, so that all of them are one state, until the next
 * put. Where there is no put there is none before the longest read, either: then the operation is refused.
 */
export interface Horizon {
  put(before: TextNode, piece: string): TextNode;
  append(before: TextNode, piece: string): TextNode | null;
  /** After something that no read shows. */
  appendUnread(before: TextNode): TextNode | null;
  /** Those of the reads, in their order as texts, that begin with this text: from `low` up to `high`; null: none. */
  readsFrom(text: TextNode): Range | null;
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** `reads`: the different texts that were read, sorted. */
export function makeHorizon(reads: readonly string[], hasPuts: boolean): Horizon {
  const lengthMax = reads.reduce((most, { length }) => Math.max(most, length), 0);
  const known = new WeakMap<TextNode, Range | null>();

  const readsFrom = (text: TextNode): Range | null => {
    const unknown: TextNode[] = [];
    let at: TextNode | null = text;
    while (at !== null && !known.has(at)) {
      unknown.push(at);
      at = at.before;
    }
    let range: Range | null = at === null ? { low: 0, high: reads.length } : (known.get(at) ?? null);
    for (let node = unknown.pop(); node !== undefined; node = unknown.pop()) {
      if (node.id === -1) range = null;
      if (range !== null) range = narrowed(reads, range, node.length - node.piece.length, node.piece);
      known.set(node, range);
    }
    return range;
  };

  const appendUnread = (before: TextNode): TextNode | null =>
    hasPuts || before.id === -1 || before.length >= lengthMax ? before.book().unread() : null;

  return {
    readsFrom,
    put: (before, piece) => {
      const after = extended(before.book().empty(), piece);
      return readsFrom(after) === null ? before.book().unread() : after;
    },
    append: (before, piece) => {
      const after = extended(before, piece);
      return after === before || readsFrom(after) !== null ? after : appendUnread(before);
    },
    appendUnread,
  };
}

/** Those of the reads in the range that have this piece at this place: they stand together, since all begin alike and are sorted. */
function narrowed(
  reads: readonly string[],
  { low, high }: Range,
  offset: number,
  piece: string,
): Range | null {
  const firstThat = (isThere: (part: string) => boolean): number => {
    let from = low;
    let to = high;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (isThere((reads[middle] ?? '').slice(offset, offset + piece.length))) to = middle;
      else from = middle + 1;
    }
    return from;
  };
  const first = firstThat((part) => part >= piece);
  const end = firstThat((part) => part > piece);
  return first === end ? null : { low: first, high: end };
}
