import { appendFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { FtcheckError } from '../../core/errors.ts';
import { wallClock } from '../../harness/clock.ts';
import { makeFolder, writeWhole } from '../../results/run-directory.ts';
import { annotationsOf } from '../../results/suite/annotations.ts';
import { suiteJunit } from '../../results/suite/suite-junit.ts';
import { suiteMarkdown } from '../../results/suite/suite-markdown.ts';
import { suiteJson, type SuiteReport } from '../../results/suite/suite-report.ts';
import { renderSuiteSummary } from '../../results/suite/suite-summary.ts';
import type { Context } from '../context.ts';
import { jsonText, paintFor } from '../output.ts';

/** What of a report is wanted, and where. Paths are relative to the working directory. */
export interface SuiteOutputs {
  readonly junit: string | null;
  readonly markdown: string | null;
  readonly isJson: boolean;
  /** Of the environment: `GITHUB_ACTIONS`, `GITHUB_STEP_SUMMARY`. */
  readonly github: { readonly isActions: boolean; readonly stepSummary: string | null };
}

/** GitHub refuses a job summary of more than a mebibyte. */
const stepSummaryBytesMax = 1024 * 1024;

/** The summary first: it is there, too, when a file cannot be written. */
export function writeSuiteOutputs(report: SuiteReport, outputs: SuiteOutputs, context: Context): void {
  const { junit, markdown, isJson, github } = outputs;
  const write = (path: string, text: string): void => {
    const absolute = resolve(context.cwd, path);
    try {
      makeFolder(dirname(absolute));
    } catch (cause) {
      throw new FtcheckError(`cannot write ${path}`, { cause });
    }
    writeWhole(absolute, text);
  };
  context.stdout.write(
    isJson ? jsonText(suiteJson(report)) : renderSuiteSummary(report, paintFor(context.stdout)),
  );
  // GitHub reads both streams; what is on stdout may be a document.
  if (github.isActions) context.stderr.write(annotationsOf(report));
  if (junit !== null) write(junit, suiteJunit(report.results, wallClock()));
  if (markdown !== null) write(markdown, suiteMarkdown(report));
  if (github.isActions && github.stepSummary !== null) appendSummary(github.stepSummary, report);
}

function appendSummary(path: string, report: SuiteReport): void {
  const whole = suiteMarkdown(report);
  const isTooLong = Buffer.byteLength(whole) > stepSummaryBytesMax;
  try {
    appendFileSync(path, isTooLong ? suiteMarkdown({ ...report, results: [] }) : whole);
  } catch (cause) {
    throw new FtcheckError(`cannot write the job summary ${path}`, { cause });
  }
}
