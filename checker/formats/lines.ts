import { UsageError } from '../../core/errors.ts';

/** An event of more bytes or characters is none: something else was taken for a history. */
export const eventSizeMax = 1 << 26;

const lineBreak = 0x0a;
const firstCapacity = 1 << 12;

/** Takes the lines that a piece of a file completes: those that begin in `bytes` between these places. The first has this number. */
export type UseLines = (bytes: Uint8Array, from: number, to: number, firstNumber: number) => number;

/**
 * Cuts a file that comes in pieces at line breaks. `use` gets many lines at once, the last with its line break and zeros behind it, and gives
 * back how many they were; `useTorn` gets what stands behind the last line break, if anything does.
 */
export function makeLineCutter(input: {
  readonly file: string;
  readonly zeros: number;
  readonly use: UseLines;
  readonly useTorn: (bytes: Uint8Array, number: number) => void;
}): { write(bytes: Uint8Array): void; end(): void } {
  const { file, zeros, use, useTorn } = input;
  let held = new Uint8Array(firstCapacity);
  let size = 0;
  let number = 1;
  const append = (bytes: Uint8Array): void => {
    if (size + bytes.length + zeros > held.length) {
      const larger = new Uint8Array((size + bytes.length + zeros) * 2);
      larger.set(held.subarray(0, size));
      held = larger;
    }
    held.set(bytes, size);
    size += bytes.length;
  };
  return {
    write: (bytes) => {
      const end = bytes.lastIndexOf(lineBreak) + 1;
      if (end === 0) {
        if (size + bytes.length > eventSizeMax)
          throw new UsageError(`${file}:${number}:1: a line of more than ${eventSizeMax} bytes is no event`);
        return append(bytes);
      }
      append(bytes.subarray(0, end));
      held.fill(0, size, size + zeros);
      number += use(held, 0, size, number);
      size = 0;
      append(bytes.subarray(end));
    },
    end: () => {
      if (size > 0) useTorn(held.slice(0, size), number);
    },
  };
}
