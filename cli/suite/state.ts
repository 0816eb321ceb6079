import { appendFileSync, existsSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { FtcheckError } from '../../core/errors.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { ScenarioResult } from '../../results/suite/outcome.ts';
import { runVerdictSchema } from '../../results/suite/run-verdict.ts';
import { makeFolder } from '../../results/run-directory.ts';

/**
 * What an interrupted suite has found so far: a header, then a line for each scenario, appended as it ends. The file is named by what the
 * suite plays, so that a suite which was changed begins anew; it goes when the suite has come to its end.
 */
const format = 'ftcheck-suite-state-1';

const attempt = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('judged'),
    seed: z.int(),
    tookMs: z.number(),
    verdict: runVerdictSchema,
  }),
  z.object({
    type: z.literal('error'),
    seed: z.int(),
    tookMs: z.number(),
    reason: z.string(),
    command: z.string(),
    runDir: z.string().nullable(),
  }),
]);

const resultSchema = z.object({
  id: z.string(),
  expected: z.object({
    verdict: z.enum(['valid', 'invalid', 'unknown']),
    property: z.string().nullable(),
    allowsUnknown: z.boolean(),
  }),
  status: z.enum(['passed', 'failed', 'flaky', 'unknown', 'error']),
  attempts: z.array(attempt).min(1),
});

/** What was found so far, and the seed it was found with; null: nothing is stored. */
export interface SuiteState {
  readonly seed: number;
  readonly results: ReadonlyMap<string, ScenarioResult>;
}

export function readState(path: string): SuiteState | null {
  if (!existsSync(path)) return null;
  const [header, ...lines] = contentsOf(path).split('\n').map(parsed);
  if (!isJsonObject(header) || header['format'] !== format) return null;
  const { seed } = header;
  if (typeof seed !== 'number') return null;
  const results = lines.flatMap((line): ScenarioResult[] => {
    const result = resultSchema.safeParse(line);
    return result.success ? [result.data] : []; // a torn line: its scenario is played again
  });
  return { seed, results: new Map(results.map((result) => [result.id, result])) };
}

export const beginState = (path: string, seed: number): void =>
  write(path, () => {
    makeFolder(dirname(path));
    writeFileSync(path, `${JSON.stringify({ format, seed })}\n`);
  });

/** The line begins anew, in case that the one before is torn. */
export const appendState = (path: string, result: ScenarioResult): void =>
  write(path, () => appendFileSync(path, `\n${JSON.stringify(result)}\n`));

/** The folders around it go with it, unless something is left in them. */
export function endState(path: string): void {
  rmSync(path, { force: true });
  for (const folder of [join(dirname(path), plansName), dirname(path)]) {
    try {
      rmdirSync(folder);
    } catch {
      continue; // not empty, or never made
    }
  }
}

/** The folder beside the state for plans of runs that left none of their own. */
export const plansName = 'plans';

function write(path: string, task: () => void): void {
  try {
    task();
  } catch (cause) {
    throw new FtcheckError(`cannot write ${path}`, { cause });
  }
}

function contentsOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new FtcheckError(`cannot read ${path}`, { cause });
  }
}

function parsed(line: string): Json {
  try {
    return JSON.parse(line) as Json;
  } catch {
    return null;
  }
}
