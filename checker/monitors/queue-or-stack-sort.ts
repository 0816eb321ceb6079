/** Indexes of the keys, least key first, equal ones in order: a counting sort. Keys are 0 to `most`. */
export function sortedBy(keys: Int32Array, most: number): Int32Array {
  const places = new Int32Array(most + 2);
  for (const key of keys) places[key + 1] = (places[key + 1] ?? 0) + 1;
  for (let key = 1; key < places.length; key++) places[key] = (places[key] ?? 0) + (places[key - 1] ?? 0);
  const sorted = new Int32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] ?? 0;
    const place = places[key] ?? 0;
    sorted[place] = i;
    places[key] = place + 1;
  }
  return sorted;
}
