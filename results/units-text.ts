/** `0.31 ms`, `4.2 ms`, `312 ms`, `1.25 s`: three digits are as many as a reader uses; `-` where nothing was measured. */
export function msText(ms: number | null): string {
  if (ms === null) return '-';
  if (ms >= 1000) return `${trimmed(ms / 1000, 2)} s`;
  return `${trimmed(ms, ms >= 100 ? 0 : ms >= 1 ? 1 : 2)} ms`;
}

export const secondsText = (ns: number): string => `${(ns / 1e9).toFixed(2)} s`;

/** `12,345` */
export const countText = (count: number): string => count.toLocaleString('en-US');

/** `1 fault`, `2 faults` */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`;

const trimmed = (value: number, decimals: number): string => String(Number(value.toFixed(decimals)));
