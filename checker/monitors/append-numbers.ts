/** Small numbers, from 0, for those value numbers that one object has, which may be few of all that a history has. */
export interface SmallNumbers {
  /** A new one gets the next number. */
  add(value: number): number;
  /** -1: it was not added. */
  find(value: number): number;
  count(): number;
}

/** A table of all values that has this many entries for each wanted one is still better than hashing. */
const entriesForEach = 8;

/** For at most `valuesMax` of the values that a history has. */
export function makeSmallNumbers(valuesMax: number, valueCount: number): SmallNumbers {
  return valueCount <= entriesForEach * valuesMax ? makeDense(valueCount) : makeHashed(valuesMax);
}

function makeDense(valueCount: number): SmallNumbers {
  const numbers = new Int32Array(valueCount); // plus one; 0: not there
  let count = 0;
  return {
    add: (value) => {
      const known = numbers[value] ?? 0;
      if (known > 0) return known - 1;
      numbers[value] = count + 1;
      return count++;
    },
    find: (value) => (numbers[value] ?? 0) - 1,
    count: () => count,
  };
}

/** Open addressing with linear probing, at most half full. */
function makeHashed(valuesMax: number): SmallNumbers {
  let size = 16;
  while (size < 2 * valuesMax) size *= 2;
  const mask = size - 1;
  const values = new Int32Array(size).fill(-1);
  const numbers = new Int32Array(size);
  let count = 0;
  const placeOf = (value: number): number => {
    let hash = Math.imul(value, 0x9e3779b1);
    hash ^= hash >>> 15;
    let at = hash & mask;
    while (values[at] !== value && values[at] !== -1) at = (at + 1) & mask;
    return at;
  };
  return {
    add: (value) => {
      const at = placeOf(value);
      if (values[at] === value) return numbers[at] ?? 0;
      values[at] = value;
      numbers[at] = count;
      return count++;
    },
    find: (value) => {
      const at = placeOf(value);
      return values[at] === value ? (numbers[at] ?? 0) : -1;
    },
    count: () => count,
  };
}
