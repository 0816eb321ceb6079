/** Short texts of ASCII by their bytes. The same few come again and again, and to find one is cheaper than to make it anew. */
export interface TextCache {
  /** The text of these bytes, with this hash: `hashStart`, then `hashed` for each byte. All are below 128. */
  textOf(bytes: Uint8Array, from: number, to: number, hash: number): string;
}

const slots = 4096;

export const hashStart = 0x811c9dc5;
/** FNV-1a. */
export const hashed = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x01000193);

export function makeTextCache(): TextCache {
  const texts = new Array<string>(slots).fill('');
  return {
    textOf: (bytes, from, to, hash) => {
      const slot = (hash ^ (hash >>> 15)) & (slots - 1);
      const known = texts[slot] ?? '';
      if (known.length === to - from && isSame(known, bytes, from)) return known;
      const text = String.fromCharCode(...bytes.subarray(from, to));
      texts[slot] = text;
      return text;
    },
  };
}

function isSame(text: string, bytes: Uint8Array, from: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false;
  return true;
}
