declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** A length of time in milliseconds; fractions allowed. */
export type Millis = Brand<number, 'Millis'>;
/** A length of time or a point in it, in whole nanoseconds; as a point: since the run's start. */
export type Nanos = Brand<number, 'Nanos'>;

export const millis = (value: number): Millis => value as Millis;
export const nanos = (value: number): Nanos => Math.round(value) as Nanos;
export const nanosOfMillis = (value: Millis): Nanos => nanos(value * 1e6);
