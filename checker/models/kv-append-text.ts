/**
 * A text as the end of a path of pieces from the empty text: a longer text costs one node, however long it is, and equal texts are one node,
 * whatever the pieces that they were made of. So comparing two of them costs nothing.
 */
export interface TextNode {
  /** 0: the empty text; -1: stands for any text that no read begins with. */
  readonly id: number;
  readonly length: number;
  readonly hash: number;
  readonly piece: string;
  readonly before: TextNode | null;
  /** Another one with this hash. */
  readonly alike: TextNode | null;
  /** A function, so that whoever estimates what a node takes does not count what all of them share. */
  readonly book: () => TextBook;
}

/** What nodes that came from one empty text have in common. */
interface TextBook {
  readonly byHash: Map<number, TextNode>;
  readonly newId: () => number;
  readonly empty: () => TextNode;
  readonly unread: () => TextNode;
}

export function makeEmptyText(): TextNode {
  let lastId = 0;
  const book: TextBook = {
    byHash: new Map(),
    newId: () => ++lastId,
    empty: () => empty,
    unread: () => unread,
  };
  const empty: TextNode = {
    id: 0,
    length: 0,
    hash: 0,
    piece: '',
    before: null,
    alike: null,
    book: () => book,
  };
  const unread: TextNode = { ...empty, id: -1, length: -1 };
  return empty;
}

/** The text with a piece at its end. Costs as much as the piece is long. */
export function extended(before: TextNode, piece: string): TextNode {
  if (piece === '' || before.id === -1) return before;
  const book = before.book();
  let { hash } = before;
  for (let i = 0; i < piece.length; i++) hash = (Math.imul(hash, 0x01000193) + piece.charCodeAt(i) + 1) | 0;
  const first = book.byHash.get(hash) ?? null;
  for (let node = first; node !== null; node = node.alike) if (isMadeOf(node, before, piece)) return node;
  const length = before.length + piece.length;
  const node: TextNode = { id: book.newId(), length, hash, piece, before, alike: first, book: before.book };
  book.byHash.set(hash, node);
  return node;
}

/** Goes backwards from both ends, as far as the two have no node in common. */
function isMadeOf(node: TextNode, before: TextNode, piece: string): boolean {
  let left = node.length;
  if (left !== before.length + piece.length) return false;
  let one: TextNode | null = node;
  let oneEnd = node.piece.length;
  let other: TextNode | null = before;
  let otherPiece = piece;
  let otherEnd = piece.length;
  while (left > 0 && one !== null && other !== null) {
    const shared = Math.min(oneEnd, otherEnd);
    if (one.piece.slice(oneEnd - shared, oneEnd) !== otherPiece.slice(otherEnd - shared, otherEnd))
      return false;
    left -= shared;
    oneEnd -= shared;
    otherEnd -= shared;
    if (oneEnd === 0) {
      one = one.before;
      oneEnd = one?.piece.length ?? 0;
    }
    if (otherEnd === 0) {
      if (one === other && oneEnd === other.piece.length) return true;
      otherPiece = other.piece;
      otherEnd = otherPiece.length;
      other = other.before ?? other;
    }
  }
  return true;
}

export function isText(node: TextNode, text: string): boolean {
  if (node.length !== text.length) return false;
  for (let at = node; at.before !== null; at = at.before) {
    if (!text.startsWith(at.piece, at.length - at.piece.length)) return false;
  }
  return true;
}

/** The last characters of it, as many as asked for. */
export function endOf(node: TextNode, length: number): string {
  const pieces: string[] = [];
  let left = length;
  for (let at = node; at.before !== null && left > 0; at = at.before) {
    pieces.push(at.piece.slice(-left));
    left -= at.piece.length;
  }
  return pieces.reverse().join('');
}
