import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FtcheckError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { TrialLine } from './trial.ts';
import { makeFolder } from '../run-directory.ts';

/** What a series leaves behind, by name. */
export const seriesFiles = {
  series: 'series.json',
  trials: 'trials.jsonl',
  summary: 'summary.json',
} as const;

/** Makes a directory of its own for a series, and gives its path: `<out>/20261121-114207-passive-kill_primary-42`. */
export function createSeriesDirectory(input: {
  readonly out: string;
  readonly impl: string;
  readonly faults: readonly string[];
  readonly seed: number;
  readonly startedAt: Date;
}): string {
  const { out, impl, faults, seed, startedAt } = input;
  const time = startedAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const word = (text: string): string => text.replaceAll(/[^A-Za-z0-9]+/g, '_').slice(0, 60);
  const name = [time, word(impl), word(faults.join('+')), seed].join('-');
  try {
    makeFolder(out);
    for (let attempt = 1; ; attempt++) {
      const path = join(out, attempt === 1 ? name : `${name}-${attempt}`);
      if (existsSync(path)) continue;
      mkdirSync(path);
      return path;
    }
  } catch (cause) {
    throw new FtcheckError(`cannot make a directory for the trials in ${out}`, { cause });
  }
}

/** A trial is in its file when this returns: an interrupted series keeps it. */
export function appendTrial(directory: string, line: TrialLine): void {
  const path = join(directory, seriesFiles.trials);
  try {
    appendFileSync(path, `${JSON.stringify(line)}\n`);
  } catch (cause) {
    throw new FtcheckError(`cannot write ${path}`, { cause });
  }
}

const columns = [
  'fault',
  'n',
  'result',
  'target',
  'detectMs',
  'agreeMs',
  'recoverMs',
  'outageMs',
  'healMs',
  'fullRecoveryMs',
  'stallMs',
  'rejoinStallMs',
  'slowestClientMs',
  'probeGapMsMax',
  'why',
] as const;

/** One row for each trial; what was not seen is empty [RFC 4180]. */
export function trialsCsv(lines: readonly TrialLine[]): string {
  const rows = lines.map((line) => {
    const values: Readonly<Record<string, Json | undefined>> =
      line.result === 'measured' ? { ...line, slowestClientMs: slowestOf(line.clientsMs) } : { ...line };
    return columns.map((column) => cell(values[column])).join(',');
  });
  return [columns.join(','), ...rows].map((row) => `${row}\r\n`).join('');
}

const slowestOf = (clientsMs: readonly (number | null)[]): number | null =>
  clientsMs.includes(null) ? null : Math.max(...clientsMs.map((ms) => ms ?? 0));

function cell(value: Json | undefined): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
