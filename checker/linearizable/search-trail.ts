/** What was placed on the way to a configuration, in order: the indexes of operations in the part. */
export interface Trail {
  add(source: number): void;
  length(): number;
  cutTo(length: number): void;
  /** What was added from there on. */
  since(length: number): Int32Array;
  bytes(): number;
}

export function makeTrail(): Trail {
  let sources = new Int32Array(256);
  let count = 0;
  return {
    add: (source) => {
      if (count === sources.length) {
        const more = new Int32Array(count * 2);
        more.set(sources);
        sources = more;
      }
      sources[count] = source;
      count += 1;
    },
    length: () => count,
    cutTo: (length) => {
      count = length;
    },
    since: (length) => sources.slice(length, count),
    bytes: () => sources.byteLength,
  };
}

/** Trails one after the other, the last first: many can share what came before. */
export interface TrailChain {
  readonly before: TrailChain | null;
  readonly placed: Int32Array;
}

export function placedIn(chain: TrailChain | null): number[] {
  const pieces: Int32Array[] = [];
  for (let each = chain; each !== null; each = each.before) pieces.push(each.placed);
  const placed: number[] = [];
  for (const piece of pieces.reverse()) for (const source of piece) placed.push(source);
  return placed;
}
