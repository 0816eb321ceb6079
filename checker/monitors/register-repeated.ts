import { kinds, type RegisterColumns } from './register-columns.ts';

/** What was assumed about values that several operations may have written. */
export interface Guess {
  /** The value of each cluster: writings of one value are told apart. */
  readonly names: Int32Array;
  /** 1 for the clusters of a value that matters to anybody and that several may have written. */
  readonly isGuessed: Uint8Array;
}

/**
 * The columns with a number for each writing of a value, and everybody who met the value is taken to have met the writing that was called last
 * before. An order that fits this is a linearization; but if none does, there may be others. Values that nobody speaks of lose nothing.
 */
export function distributed(columns: RegisterColumns): {
  readonly columns: RegisterColumns;
  readonly guess: Guess;
} {
  const { kind, valueCount, table } = columns;
  const met = columns.met.slice();
  const written = columns.written.slice();
  const writings = new Int32Array(valueCount);
  const latest = new Int32Array(valueCount).map((_, value) => value);
  const matters = new Uint8Array(valueCount);
  const names = Array.from(latest);
  writings[0] = 1;
  for (let row = 0; row < table.count; row++) {
    const met_ = met[row] ?? -1;
    if (met_ >= 0) {
      matters[met_] = 1;
      if (kind[row] !== kinds.failedCas) met[row] = latest[met_] ?? 0;
    }
    if (kind[row] !== kinds.writer && kind[row] !== kinds.unknownWriter) continue;
    const value = written[row] ?? 0;
    const count = writings[value] ?? 0;
    writings[value] = count + 1;
    if (count === 0) continue;
    latest[value] = names.length;
    written[row] = names.length;
    names.push(value);
  }
  const isGuessed = Uint8Array.from(names, (name) =>
    matters[name] === 1 && (writings[name] ?? 0) > 1 ? 1 : 0,
  );
  return {
    columns: { ...columns, met, written, valueCount: names.length },
    guess: { names: Int32Array.from(names), isGuessed },
  };
}
