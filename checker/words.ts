/** A point in time or a length of it, given in nanoseconds: `1.2034 s`. */
export const seconds = (ns: number): string => `${(ns / 1e9).toFixed(4)} s`;

/** A length of time in milliseconds, as short as it can be said. */
export const milliseconds = (ms: number): string =>
  ms >= 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms)} ms`;

/** `12,345`. By hand, since the first use of Intl in a process takes longer than a checker. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** `1 operation`, `12,345 operations`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`;

/** `a`, `a and b`, `a, b and 3 more`. */
export function listed(items: readonly string[], most = 4, and = 'and'): string {
  const shown =
    items.length > most ? [...items.slice(0, most - 1), `${items.length - most + 1} more`] : items;
  if (shown.length <= 1) return shown.join('');
  return `${shown.slice(0, -1).join(', ')} ${and} ${shown.at(-1)}`;
}

/** Several findings as one text: `a; b; and 3 more`. */
export function findings(items: readonly string[], most = 3): string {
  const rest = items.length - most;
  return [...items.slice(0, most), ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
}
