/** Steps of 1, 2 and 5: what people read without thinking. */
export function niceStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const step = [1, 2, 5].find((factor) => factor * power >= atLeast * (1 - 1e-9));
  return (step ?? 10) * power;
}

/** Multiples of a nice step inside [from, to], at most `countMax` of them. */
export function ticksBetween(from: number, to: number, countMax: number): number[] {
  const step = niceStep((to - from) / Math.max(1, countMax));
  const first = Math.ceil(from / step - 1e-9) + 0; // not -0
  const ticks: number[] = [];
  for (let index = first; index * step <= to + step * 1e-9; index++) ticks.push(index * step);
  return ticks;
}

/** A time of the run in seconds, with as many decimals as a step of `stepNs` needs. */
export function timeText(ns: number, stepNs: number): string {
  const decimals = Math.min(9, Math.max(0, -Math.floor(Math.log10(stepNs / 1e9) + 1e-9)));
  return `${grouped((ns / 1e9).toFixed(decimals))} s`;
}

/** A length of time in the unit that suits it, three digits. */
export function durationText(ns: number): string {
  if (ns < 1000) return `${Math.round(ns)} ns`;
  if (ns < 999_500) return `${threeDigits(ns / 1e3)} µs`;
  if (ns < 999_500_000) return `${threeDigits(ns / 1e6)} ms`;
  return `${threeDigits(ns / 1e9)} s`;
}

export const msText = (ms: number): string => durationText(ms * 1e6);

export const countText = (count: number): string => grouped(String(Math.round(count)));

function threeDigits(value: number): string {
  const decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return grouped(value.toFixed(decimals).replace(/\.0+$|(\.\d*?)0+$/, '$1'));
}

/** 12,519 before the point; after it, thin groups of three would only widen the axis. */
function grouped(digits: string): string {
  const [whole = '', fraction] = digits.split('.');
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined || fraction === '' ? text : `${text}.${fraction}`;
}
