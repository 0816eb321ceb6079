import type { Json } from '../../core/json.ts';

/** A text as it is, all else as JSON; nothing for null and what is missing, which say nothing. */
export const textOf = (value: Json | undefined): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);
