import { UsageError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import { type Millis, millis } from '../core/units.ts';

/** A time in which one fault is in force, since the start of the phase `faults`. */
export interface Window {
  readonly atMs: Millis;
  readonly forMs: Millis;
}

/** A fault and the quiet time after it, in which a killed node is replaced and has the state again, take this long together. */
const periodMsWanted = 1600;
/** Below this a fault would end before a failure detector has noticed it. */
const periodMsMin = 500;

/**
 * Divides the phase `faults` among the nemeses, each fault with quiet time after it. The nemeses take turns in an order that the seed
 * gives; two neighbours may overlap, by seed, where `mayOverlap` allows it. Result: the windows of each nemesis.
 */
export function windowsByNemesis(input: {
  readonly count: number;
  readonly faultsMs: number;
  /** How many faults in all; null: as many as have the time that is wanted for each. */
  readonly faults: number | null;
  readonly mayOverlap: (one: number, other: number) => boolean;
  readonly random: Random;
}): readonly (readonly Window[])[] {
  const { count, faultsMs, mayOverlap, random } = input;
  const result: Window[][] = Array.from({ length: count }, () => []);
  if (count === 0) return result;
  const total = input.faults ?? Math.max(count, Math.floor(faultsMs / periodMsWanted));
  if (total < count) throw new UsageError(`--faults ${total}: ${count} nemeses need as many faults at least`);
  const periodMs = faultsMs / total;
  if (periodMs < periodMsMin) {
    const what = input.faults === null ? `${count} nemeses` : `${total} faults`;
    throw new UsageError(
      `--duration leaves ${Math.floor(faultsMs)} ms for ${what}, which need ${total * periodMsMin} ms; ask for a longer run`,
    );
  }
  let turns: number[] = [];
  let former: { readonly nemesis: number; readonly window: Window } | null = null;
  for (let i = 0; i < total; i++) {
    if (turns.length === 0) turns = random.shuffle(result.map((_, n) => n));
    const nemesis = turns.shift() as number;
    let window = windowIn({ fromMs: i * periodMs, periodMs, random });
    const overlaps = random.chance(0.5);
    if (overlaps && former !== null && former.nemesis !== nemesis && mayOverlap(former.nemesis, nemesis)) {
      window = { ...window, atMs: millis(Math.round(former.window.atMs + former.window.forMs * 0.4)) };
      former = null; // three at a time would be another budget
    } else former = { nemesis, window };
    result[nemesis]?.push(window);
  }
  return result;
}

function windowIn(input: {
  readonly fromMs: number;
  readonly periodMs: number;
  readonly random: Random;
}): Window {
  const { fromMs, periodMs, random } = input;
  const leadMs = periodMs * (0.05 + 0.1 * random.unit());
  const forMs = periodMs * (0.4 + 0.1 * random.unit());
  return { atMs: millis(Math.round(fromMs + leadMs)), forMs: millis(Math.floor(forMs)) };
}
