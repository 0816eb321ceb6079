import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import { FtcheckError } from '../../core/errors.ts';
import { junitOf } from '../junit.ts';
import { runFiles, writeWhole } from '../run-directory.ts';
import { collectReport, readRecord, wholeTexts } from './collect.ts';
import { csvLines } from './csv.ts';
import { reportMarkdown } from './markdown.ts';
import type { ReportData, ReportFacts } from './report-data.ts';
import { reportHtml } from './report-html.ts';

/** What a report can be written as, and under which name. */
export const reportFiles = {
  html: runFiles.report,
  junit: 'junit.xml',
  markdown: 'report.md',
  json: 'report.json',
  csv: 'operations.csv',
} as const;
export type ReportFormat = keyof typeof reportFiles;

export const reportFormats: readonly ReportFormat[] = ['html', 'junit', 'markdown', 'json', 'csv'];
export const isReportFormat = (text: string): text is ReportFormat => Object.hasOwn(reportFiles, text);

/** Writes a stored run in these formats; `path` tells where each belongs, `name` how readers of JUnit shall find it. */
export function writeReports(input: {
  readonly runDir: string;
  readonly name: string;
  readonly formats: readonly ReportFormat[];
  readonly path: (file: string) => string;
}): void {
  const { runDir, name, formats, path } = input;
  // A program wants every text whole; a page could not hold them.
  const others = formats.filter((format) => format !== 'csv');
  if (others.length > 0) {
    const data = collectReport(runDir);
    for (const format of others) writeWhole(path(reportFiles[format]), textOf(format, name, data));
  }
  if (formats.includes('csv')) {
    writeLines(
      path(reportFiles.csv),
      csvLines(collectReport(runDir, { record: readRecord(runDir, wholeTexts) })),
    );
  }
}

function textOf(format: Exclude<ReportFormat, 'csv'>, name: string, data: ReportData): string {
  switch (format) {
    case 'html':
      return reportHtml(data);
    case 'junit':
      return junitOf([{ name, verdict: data.facts.verdict }]);
    case 'markdown':
      return reportMarkdown(data.facts);
    case 'json':
      return `${JSON.stringify(jsonReport(data.facts), null, 2)}\n`;
  }
}

/** The verdict, and what the report adds to it; without what only rows refer to. */
const jsonReport = ({
  verdict,
  texts: _texts,
  kinds: _kinds,
  keys: _keys,
  ...facts
}: ReportFacts): unknown => ({
  format: 'ftcheck-report-1',
  verdict,
  ...facts,
});

const pieceLength = 1 << 20;

/** Replaces a file as a whole by lines that need never be in memory all at once. */
function writeLines(path: string, lines: Iterable<string>): void {
  try {
    const file = openSync(`${path}.new`, 'w');
    try {
      let piece = '';
      for (const line of lines) {
        piece += line;
        if (piece.length < pieceLength) continue;
        writeSync(file, piece);
        piece = '';
      }
      writeSync(file, piece);
    } finally {
      closeSync(file);
    }
    renameSync(`${path}.new`, path);
  } catch (cause) {
    throw new FtcheckError(`cannot write ${path}`, { cause });
  }
}
