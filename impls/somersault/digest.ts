import type { Json } from '../../core/json.ts';

/**
 * A digest over a sequence of JSON values, equal for equal sequences: two lanes of 32-bit FNV-1a over the text. It compares replicas with
 * each other and is no defence against an adversary.
 */
export function digestOf(before: string, ...values: readonly (Json | undefined)[]): string {
  const text = before + JSON.stringify(values);
  let a = 0x811c9dc5;
  let b = 0x27d4eb2f;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
    b ^= b >>> 13;
  }
  return hex(a) + hex(b);
}

const hex = (lane: number): string => (lane >>> 0).toString(16).padStart(8, '0');
