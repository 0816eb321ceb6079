import type { PropertyVerdict } from '../../core/verdict.ts';
import type { ReportFacts } from './report-data.ts';

/** How a verdict is written: never by its colour alone. */
export const verdictSigns: Readonly<
  Record<PropertyVerdict, { readonly sign: string; readonly words: string }>
> = {
  valid: { sign: '✓', words: 'valid' },
  invalid: { sign: '✗', words: 'invalid' },
  unknown: { sign: '?', words: 'unknown' },
  'not-owed': { sign: '–', words: 'not owed' },
  'not-applicable': { sign: '–', words: 'not applicable' },
};

/** `1.2345 s` */
export const tickText = (tick: number, { tickNs }: Pick<ReportFacts, 'tickNs'>): string =>
  `${((tick * tickNs) / 1e9).toFixed(4)} s`;

/** `acks=all, keys=5`; nothing where there are none. */
export const optionsText = (options: Readonly<Record<string, unknown>>): string =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(', ');
