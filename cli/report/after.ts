import { statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../core/errors.ts';
import { runFiles } from '../../results/run-directory.ts';
import type { VerdictFile } from '../../results/verdict-schema.ts';
import type { Context } from '../context.ts';

/** Writes report.html once the verdict has been told. Trouble with it is a warning: the verdict stands without. */
export type WriteReport = (verdict: VerdictFile) => void;

/** A larger record is read after the verdict: reading it keeps us from watching the checkers' limits, here for some 200 ms. */
const readEarlyBytesMax = 32_000_000;

/** Reads the record for the report of a run, which may be done while the run is judged in another process. Never rejects. */
export async function beginReport(runDir: string, { stderr }: Context): Promise<WriteReport> {
  const warn = (thrown: unknown): void =>
    void stderr.write(`ftcheck: no report was written: ${messageOf(thrown)}\n`);
  try {
    // Late: start-up costs what is imported.
    const { readRecord } = await import('../../results/report/collect.ts');
    const { writeReport } = await import('../../results/report/write-report.ts');
    const record = recordBytes(runDir) <= readEarlyBytesMax ? readRecord(runDir) : undefined;
    return (verdict) => {
      try {
        writeReport(runDir, verdict, record);
      } catch (thrown) {
        warn(thrown);
      }
    };
  } catch (thrown) {
    return () => warn(thrown);
  }
}

const recordBytes = (runDir: string): number =>
  [runFiles.history, runFiles.trace]
    .map((file) => statSync(join(runDir, file), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, size) => sum + size, 0);
