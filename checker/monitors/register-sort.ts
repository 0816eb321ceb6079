const digitBits = 11;
const digits = 1 << digitBits;
const fewMax = 48;

/** The indexes of the keys, least key first, equal ones in order. Keys are -1 and more. */
export function sortedByKey(keys: Int32Array): Int32Array {
  const indexes = new Int32Array(keys.length);
  for (let i = 0; i < keys.length; i++) indexes[i] = i;
  return keys.length <= fewMax ? insertionSorted(indexes, keys) : radixSorted(indexes, keys);
}

function insertionSorted(indexes: Int32Array, keys: Int32Array): Int32Array {
  for (let i = 1; i < indexes.length; i++) {
    const index = indexes[i] ?? 0;
    const key = keys[index] ?? 0;
    let at = i;
    for (; at > 0 && (keys[indexes[at - 1] ?? 0] ?? 0) > key; at--) indexes[at] = indexes[at - 1] ?? 0;
    indexes[at] = index;
  }
  return indexes;
}

function radixSorted(indexes: Int32Array, keys: Int32Array): Int32Array {
  let most = 0;
  for (const key of keys) if (key > most) most = key;
  let from = indexes;
  let to: Int32Array = new Int32Array(indexes.length);
  const places = new Int32Array(digits);
  for (let shift = 0; shift < 32 && (most + 1) >>> shift > 0; shift += digitBits) {
    places.fill(0);
    for (const key of keys) {
      const digit = ((key + 1) >>> shift) & (digits - 1);
      places[digit] = (places[digit] ?? 0) + 1;
    }
    let sum = 0;
    for (let digit = 0; digit < digits; digit++) {
      const count = places[digit] ?? 0;
      places[digit] = sum;
      sum += count;
    }
    for (const index of from) {
      const digit = (((keys[index] ?? 0) + 1) >>> shift) & (digits - 1);
      const place = places[digit] ?? 0;
      to[place] = index;
      places[digit] = place + 1;
    }
    [from, to] = [to, from];
  }
  return from;
}
