import { join } from 'node:path';
import { runFiles, writeWhole } from '../run-directory.ts';
import type { VerdictFile } from '../verdict-schema.ts';
import { collectReport, type RunRecord } from './collect.ts';
import { reportHtml } from './report-html.ts';

/** Writes report.html beside what it is made of. `record`: of the same run, read before. */
export function writeReport(runDir: string, verdict: VerdictFile, record?: RunRecord): void {
  const known = record === undefined ? { verdict } : { verdict, record };
  writeWhole(join(runDir, runFiles.report), reportHtml(collectReport(runDir, known)));
}
