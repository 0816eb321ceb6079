/** V8's sizes, in bytes, roughly: a slot of an object, the object around it, an entry of a Map or Set with what it costs to find it. */
const slotBytes = 8;
const objectBytes = 32;
const entryBytes = 40;
/** A new text in a Map of fingerprints with its number, and the state's place in a list. */
const fingerprintBytes = 100;
const depthMax = 3;
const sampled = 32;

/**
 * What a state takes that is kept together with its fingerprint. An estimate: long lists are sampled, and what lies deeper than a few
 * levels counts as shared with other states.
 */
export const sizeOf = (state: unknown, fingerprint: string): number =>
  fingerprintBytes + fingerprint.length + (state === fingerprint ? 0 : valueBytes(state, depthMax));

function valueBytes(value: unknown, depth: number): number {
  if (typeof value === 'string') return objectBytes + value.length;
  if (typeof value !== 'object' || value === null) return slotBytes;
  if (depth === 0) return slotBytes;
  if (ArrayBuffer.isView(value)) return 2 * objectBytes + value.byteLength;
  if (value instanceof Map || value instanceof Set) {
    const each = value.size === 0 ? 0 : meanBytes([...firstOf(value)], depth - 1);
    return 4 * objectBytes + value.size * (entryBytes + each);
  }
  const parts: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return objectBytes + parts.length * (slotBytes + (parts.length === 0 ? 0 : meanBytes(parts, depth - 1)));
}

/** The mean of some of them, beyond the slot that holds each. */
function meanBytes(values: readonly unknown[], depth: number): number {
  const stride = Math.max(1, Math.floor(values.length / sampled));
  let bytes = 0;
  let count = 0;
  for (let i = 0; i < values.length; i += stride) {
    bytes += valueBytes(values[i], depth) - slotBytes;
    count += 1;
  }
  return Math.max(0, bytes / count);
}

function* firstOf(entries: Iterable<unknown>): Iterable<unknown> {
  let count = 0;
  for (const entry of entries) {
    if (count++ === sampled) return;
    yield entry;
  }
}
