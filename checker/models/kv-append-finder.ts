/** Different texts, by number, and where they stand in other texts. */
export interface PieceFinder {
  /** -1: there is no such piece. */
  numberOf(piece: string): number;
  /** Length of the longest piece. */
  readonly lengthMax: number;
  /** For one text at a time: the one that was asked for last. */
  within(text: string): PiecesWithin;
}

/** Tells which pieces stand where in a text. A text is made of many pieces, so that all is done by numbers. */
export interface PiecesWithin {
  /** How many pieces that are not empty begin at this place and end by `to`: the caller finds them in `numbers` and `lengths`, short ones first. */
  find(from: number, to: number): number;
  readonly numbers: number[];
  readonly lengths: number[];
  /** How many lengths were tried so far: what all this costs. */
  tried(): number;
}

const base = 0x01000193;
const masks = 256;
const maskOf = (first: number, last: number): number => (Math.imul(first, 31) + last) & (masks - 1);

/** Pieces of one length. */
interface Length {
  readonly length: number;
  /** By `maskOf` their first and last character: 1 if there is one. */
  readonly ends: Uint8Array;
  /** `base` to the power of the length. */
  readonly power: number;
}

/**
 * Pieces are looked up by a rolling hash [Karp & Rabin 1987], once for each length that a piece has, unless the first and the last character
 * show that none of this length can be there.
 */
export function makePieceFinder(pieces: readonly string[]): PieceFinder {
  const lengths = lengthsOf(pieces);
  let size = 16;
  while (size < 2 * pieces.length) size *= 2;
  const mask = size - 1;
  const numbers = new Int32Array(size).fill(-1);
  const pieceHashes = new Int32Array(pieces.length);
  for (let number = 0; number < pieces.length; number++) {
    const hash = hashOf(pieces[number] ?? '');
    pieceHashes[number] = hash;
    let at = mixed(hash) & mask;
    while ((numbers[at] ?? -1) >= 0) at = (at + 1) & mask;
    numbers[at] = number;
  }

  /** The piece that has this hash and stands in the text at this place. */
  const pieceAt = (hash: number, text: string, from: number, length: number): number => {
    for (let at = mixed(hash) & mask; ; at = (at + 1) & mask) {
      const number = numbers[at] ?? -1;
      if (number < 0) return -1;
      if (pieceHashes[number] !== hash) continue;
      const piece = pieces[number] ?? '';
      if (piece.length === length && text.startsWith(piece, from)) return number;
    }
  };

  let hashes = new Int32Array(0);
  let tried = 0;
  const found: number[] = [];
  const foundLengths: number[] = [];
  return {
    lengthMax: lengths.at(-1)?.length ?? 0,
    numberOf: (piece) => pieceAt(hashOf(piece), piece, 0, piece.length),
    within: (text) => {
      if (hashes.length <= text.length) hashes = new Int32Array(text.length + 1);
      let hash = 0;
      for (let i = 0; i < text.length; i++) {
        hash = (Math.imul(hash, base) + text.charCodeAt(i) + 1) | 0;
        hashes[i + 1] = hash;
      }
      return {
        numbers: found,
        lengths: foundLengths,
        tried: () => tried,
        find: (from, to) => {
          const first = text.charCodeAt(from);
          const before = hashes[from] ?? 0;
          let count = 0;
          for (const { length, ends, power } of lengths) {
            const end = from + length;
            if (end > to) break;
            tried += 1;
            if (ends[maskOf(first, text.charCodeAt(end - 1))] !== 1) continue;
            const number = pieceAt(((hashes[end] ?? 0) - Math.imul(before, power)) | 0, text, from, length);
            if (number < 0) continue;
            found[count] = number;
            foundLengths[count] = length;
            count += 1;
          }
          return count;
        },
      };
    },
  };
}

function lengthsOf(pieces: readonly string[]): Length[] {
  const byLength = new Map<number, Length>();
  for (const piece of pieces) {
    const { length } = piece;
    if (length === 0) continue;
    let known = byLength.get(length);
    if (known === undefined) {
      known = { length, ends: new Uint8Array(masks), power: powerOf(length) };
      byLength.set(length, known);
    }
    known.ends[maskOf(piece.charCodeAt(0), piece.charCodeAt(length - 1))] = 1;
  }
  return [...byLength.values()].sort((a, b) => a.length - b.length);
}

function powerOf(exponent: number): number {
  let power = 1;
  let square = base;
  for (let left = exponent; left > 0; left >>>= 1) {
    if ((left & 1) === 1) power = Math.imul(power, square);
    square = Math.imul(square, square);
  }
  return power;
}

function hashOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, base) + text.charCodeAt(i) + 1) | 0;
  return hash;
}

/** Spreads a hash over the table. */
function mixed(hash: number): number {
  const spread = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return spread ^ (spread >>> 13);
}
