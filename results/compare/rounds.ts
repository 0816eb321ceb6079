import type { Random } from '../../core/random.ts';
import { pairsMin } from './exact-ranks.ts';
import { metrics } from './metrics.ts';

/** Of all comparisons together. */
export const confidence = 0.95;

/** Beyond the fewest that can decide anything: with those alone, one round that something else disturbed hides a difference. */
const roundsToSpare = 6;

/** How many rounds are played where nobody says it: enough that the comparisons of so many systems can find something. */
export function roundsByDefault(systems: number, hasFaults: boolean): number {
  return roundsMin(systems, hasFaults) + roundsToSpare;
}

/** The fewest rounds that can find a difference at all. */
export function roundsMin(systems: number, hasFaults: boolean): number {
  const compared = metrics.filter(({ isCompared, name }) => isCompared && (hasFaults || name !== 'outage'));
  const pairs = (systems * (systems - 1)) / 2;
  return pairsMin((1 - confidence) / Math.max(1, compared.length * pairs));
}

/**
 * Who runs when, by index: in each round everybody once, in an order that turns from round to round and is reversed in every other turn, so
 * that each stands as often in each place, before and after each other. The seed says who is first.
 */
export function orderOf(systems: number, round: number, random: Random): number[] {
  const first = random.shuffle(Array.from({ length: systems }, (_, i) => i));
  const by = round % systems;
  const turned = [...first.slice(by), ...first.slice(0, by)];
  return Math.floor(round / systems) % 2 === 1 ? turned.reverse() : turned;
}
