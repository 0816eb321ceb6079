/** From ticks to a place in the picture. */
export type Scale = (tick: number) => number;

export const linearScale =
  (from: number, to: number, left: number, right: number): Scale =>
  (tick) =>
    left + ((tick - from) / Math.max(1, to - from)) * (right - left);

/** How much longer a stretch is drawn if it lasts a thousand times as long: 1000 ** 0.2 is 4. */
const flatness = 0.2;

/**
 * A scale that gives room to where much happens: between neighbouring times of interest the distance grows with a small power of their
 * distance in time. Operations of a counterexample may last a millisecond each and lie seconds apart.
 */
export function eventScale(times: readonly number[], left: number, right: number): Scale {
  const sorted = [...new Set(times)].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((time, i) => (time - (sorted[i] ?? 0)) ** flatness);
  const whole = gaps.reduce((sum, gap) => sum + gap, 0) || 1;
  const places = [left];
  for (const gap of gaps) places.push((places.at(-1) ?? left) + (gap / whole) * (right - left));
  const first = sorted[0] ?? 0;
  return (tick) => {
    if (tick <= first) return left;
    const after = sorted.findIndex((time) => time >= tick);
    if (after < 0) return places.at(-1) ?? right;
    const [from = first, to = first] = [sorted[after - 1], sorted[after]];
    const [a = left, b = left] = [places[after - 1], places[after]];
    return a + ((tick - from) / Math.max(1, to - from)) * (b - a);
  };
}

/** Round numbers from 0, at most `max` of them: steps of 1, 2 or 5 times a power of ten. */
export function roundSteps(to: number, max: number): number[] {
  if (!(to > 0)) return [0];
  const least = to / max;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= least) ?? power;
  const steps: number[] = [];
  for (let i = 0; i * step <= to; i++) steps.push(Number((i * step).toPrecision(12)));
  return steps;
}
