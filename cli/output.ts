import pc from 'picocolors';
import { renderSummary, type Paint } from '../results/summary.ts';
import type { VerdictFile } from '../results/verdict-schema.ts';
import type { Context, OutputStream } from './context.ts';

/** A document for a program to read. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** On stdout: for a program verdict.json itself, for a person its summary. */
export function printVerdict(verdict: VerdictFile, isJson: boolean, { stdout }: Context): void {
  stdout.write(
    isJson
      ? jsonText(verdict)
      : renderSummary(verdict, paintFor(stdout), stdout.isTTY === true ? stdout.columns : undefined),
  );
}

/** Colours on a terminal only, unless NO_COLOR or FORCE_COLOR says otherwise (no-color.org; picocolors alone would colour every CI log). */
export function paintFor(stream: OutputStream): Paint {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const isForced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  const isRefused = NO_COLOR !== undefined && NO_COLOR !== '';
  return pc.createColors(!isRefused && (isForced || (stream.isTTY === true && TERM !== 'dumb')));
}
