import { existsSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { exitCodes, UsageError, type ExitCode } from '../../core/errors.ts';
import { isReportFormat, reportFiles, reportFormats, writeReports } from '../../results/report/formats.ts';
import type { ReportFormat } from '../../results/report/formats.ts';
import { findRun } from '../../results/run-list.ts';
import { makeFolder } from '../../results/run-directory.ts';
import type { Context } from '../context.ts';
import { jsonText } from '../output.ts';
import { openInBrowser } from '../serve/open.ts';
import { isOn, read, type Settings } from '../settings.ts';
import { noSuch } from '../suggest.ts';
import { text, Wrong, type Parse } from '../values.ts';

/** Writes what lies in a run directory in forms for people and for other programs, and says where. */
export async function report(given: string, flags: Settings, context: Context): Promise<ExitCode> {
  const formats = read(flags, 'format', formatList, ['html'] as const);
  const isOpened = isOn(flags, 'open');
  if (isOpened && !formats.includes('html'))
    throw new UsageError('--open: opens the HTML, which --format leaves out; add html to it');
  const runDir = findRun(given, { cwd: context.cwd, folder: 'ftcheck-runs' });
  const out = read(flags, 'out', text, undefined);
  const folder = out === undefined ? runDir : resolve(context.cwd, out);
  if (!existsSync(folder)) makeFolder(folder);
  const path = (file: string): string => join(folder, file);
  writeReports({ runDir, name: basename(runDir), formats, path });

  const shown = (format: ReportFormat): string => relative(context.cwd, path(reportFiles[format]));
  if (isOn(flags, 'json')) {
    const files = Object.fromEntries(formats.map((format) => [format, shown(format)]));
    context.stdout.write(jsonText({ runDir: relative(context.cwd, runDir) || '.', files }));
  } else for (const format of formats) context.stdout.write(`${shown(format)}\n`);
  return isOpened ? opened(path(reportFiles.html), context) : exitCodes.valid;
}

async function opened(path: string, { stderr, cwd }: Context): Promise<ExitCode> {
  const trouble = await openInBrowser(path);
  if (trouble === null) return exitCodes.valid;
  stderr.write(`ftcheck: --open: ${trouble}; open ${relative(cwd, path)} yourself\n`);
  return exitCodes.internal;
}

/** `html,csv`, each once. */
const formatList: Parse<readonly ReportFormat[]> = (given) => {
  const names = given.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !isReportFormat(name));
  if (wrong !== undefined) throw new Wrong(noSuch('format', wrong, reportFormats));
  return [...new Set(names.filter(isReportFormat))];
};
