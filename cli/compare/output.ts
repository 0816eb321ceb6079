import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { renderPage } from '../../results/compare/html.ts';
import { renderMarkdown } from '../../results/compare/markdown.ts';
import type { Comparison } from '../../results/compare/schema.ts';
import { renderTable } from '../../results/compare/table.ts';
import { writeWhole } from '../../results/run-directory.ts';
import type { Context } from '../context.ts';
import { jsonText, paintFor } from '../output.ts';
import { read, type Settings } from '../settings.ts';
import { text } from '../values.ts';

/** What a comparison can be written as, by flag. */
const formats: Readonly<Record<string, (comparison: Comparison) => string>> = {
  save: jsonText,
  markdown: renderMarkdown,
  html: renderPage,
};

/** Refuses a file that cannot be written before there is anything to write: rounds take minutes. */
export function refuseUnwritable(flags: Settings, { cwd }: Context): void {
  for (const name of Object.keys(formats)) {
    const path = read(flags, name, text, undefined);
    if (path === undefined) continue;
    const folder = dirname(resolve(cwd, path));
    if (!existsSync(folder)) throw new UsageError(`--${name}: there is no folder ${folder}`);
    if (existsSync(resolve(cwd, path)) && statSync(resolve(cwd, path)).isDirectory()) {
      throw new UsageError(`--${name}: ${path} is a folder, not a file`);
    }
  }
}

/** Writes every file that was asked for. */
export function writeComparison(comparison: Comparison, flags: Settings, { cwd, stderr }: Context): void {
  for (const [name, render] of Object.entries(formats)) {
    const path = read(flags, name, text, undefined);
    if (path === undefined) continue;
    writeWhole(resolve(cwd, path), render(comparison));
    stderr.write(`ftcheck: wrote ${path}\n`);
  }
}

const widthWithoutTerminal = 80;

/** On stdout: for a program the comparison as JSON, for a person a table. */
export function printComparison(comparison: Comparison, isJson: boolean, { stdout }: Context): void {
  const width = Math.max(60, stdout.isTTY === true ? (stdout.columns ?? 80) : widthWithoutTerminal);
  stdout.write(isJson ? jsonText(comparison) : renderTable(comparison, paintFor(stdout), width));
}
