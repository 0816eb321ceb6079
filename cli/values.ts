/** How a setting's text becomes a value. A parser throws `Wrong`; who calls it knows the place and makes a UsageError of it. */
export class Wrong extends Error {
  override readonly name = 'Wrong';
}

export type Parse<T> = (text: string) => T;

export const text: Parse<string> = (given) => {
  if (given === '') throw new Wrong('is empty');
  return given;
};

export const wholeNumber =
  (min: number, max: number): Parse<number> =>
  (given) => {
    const value = /^[+-]?\d+(_\d+)*$/.test(given) ? Number(given.replaceAll('_', '')) : NaN;
    if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
    throw new Wrong(`'${given}' is not a whole number from ${min} to ${max}`);
  };

export const positiveNumber =
  (max: number): Parse<number> =>
  (given) => {
    const value = given.trim() === '' ? NaN : Number(given);
    if (value > 0 && value <= max) return value;
    throw new Wrong(`'${given}' is not a number above 0 and at most ${max}`);
  };

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `5s`, `500ms`, `1.5m`; a bare number would leave the reader guessing. In whole milliseconds. */
export const duration = (minMs: number, maxMs: number): Parse<number> => durationIn(1, minMs, maxMs);

/** The same with fractions of a millisecond, `0.25ms`, down to microseconds. */
export const fineDuration = (minMs: number, maxMs: number): Parse<number> => durationIn(1000, minMs, maxMs);

const durationIn =
  (stepsPerMs: number, minMs: number, maxMs: number): Parse<number> =>
  (given) => {
    const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(given.trim());
    if (match === null) throw new Wrong(`'${given}' is not a duration such as 500ms, 5s or 2m`);
    const ms = Math.round(Number(match[1]) * (unitMs[match[2] ?? ''] ?? NaN) * stepsPerMs) / stepsPerMs;
    if (ms >= minMs && ms <= maxMs) return ms;
    throw new Wrong(`'${given}' is not between ${durationText(minMs)} and ${durationText(maxMs)}`);
  };

/** The shortest text that `duration` reads as the same length. */
export function durationText(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const factor = unitMs[unit] ?? NaN;
    if (ms >= factor && ms % (factor / 10) === 0) return `${ms / factor}${unit}`;
  }
  return `${ms}ms`;
}
