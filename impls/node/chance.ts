import type { Chance } from '../../core/machine.ts';

/** A stream of numbers in [0, 1) that a seed decides (splitmix32): good enough for an application's choices, and nothing to load. */
export function seededChance(seed: number): Chance {
  let state = (seed ^ Math.floor(seed / 0x1_0000_0000)) >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 0x1_0000_0000;
  };
}
