import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { wallClock } from '../harness/clock.ts';
import type { BenchOptions } from './options.ts';

const readme = fileURLToPath(new URL('README.md', import.meta.url));

/** Rows of cells as a Markdown table, first row the head; all columns but the first `texts` are numbers. */
export function table(rows: readonly (readonly string[])[], texts = 1): string {
  const [head = []] = rows;
  const widths = head.map((_, i) => Math.max(4, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, i) => (i < texts ? (row[i] ?? '').padEnd(width) : (row[i] ?? '').padStart(width))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i < texts ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.slice(1).map(line)].join('\n');
}

/** What a reader needs so as to judge a figure. Taken before the measurement, whose own load it must not show. */
export const circumstances = (script: string, options: BenchOptions): string =>
  recordOf(script, options.given, `rounds: ${options.rounds}, ${options.seconds} s each`);

/** The same for a program that does not measure in rounds; `extent`: what it did how often. */
export function recordOf(script: string, given: readonly string[], extent: string): string {
  const [cpu] = cpus();
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  const machine = `${cpu?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${memoryGb} GB`;
  const busy = loadavg()[0]?.toFixed(1) ?? '?';
  const date = wallClock().toISOString().slice(0, 16).replace('T', ' ');
  const command = ['npm run', script, ...(given.length > 0 ? ['--', ...given] : [])].join(' ');
  return [
    `- command: \`${command}\` (${extent})`,
    `- machine: ${machine}, ${process.platform} ${process.arch}, Node ${process.versions.node}; load average before: ${busy}`,
    `- date: ${date} UTC`,
  ].join('\n');
}

/** Prints a section; under `--write` also puts it between its marks, which bear its name, in bench/README.md. */
export function publish(name: string, options: { readonly write: boolean }, section: string): void {
  console.log(`\n${section}\n`);
  if (!options.write) return;
  const begin = `<!-- ${name} -->`;
  const end = `<!-- end of ${name} -->`;
  const text = readFileSync(readme, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${readme} has no place for ${name}: ${begin} ... ${end}`);
  writeFileSync(readme, `${text.slice(0, from + begin.length)}\n\n${section}\n\n${text.slice(to)}`);
}

/** What goes on, for whoever waits; not part of the section. */
export const note = (text: string): void => void process.stderr.write(`${text}\n`);
