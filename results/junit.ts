import { type JunitCase, type JunitOutcome, type JunitSuite, junitXml } from './junit-xml.ts';
import { type RunVerdict, runVerdictSchema } from './suite/run-verdict.ts';
import { firstSentence } from './summary.ts';
import type { VerdictFile } from './verdict-schema.ts';

/** A verdict under the name by which readers shall find it. */
export interface NamedVerdict {
  readonly name: string;
  readonly verdict: VerdictFile;
}

/** A JUnit document: a suite for each run, a case for each of its properties. */
export const junitOf = (verdicts: readonly NamedVerdict[]): string =>
  junitXml(verdicts.map(({ name, verdict }) => junitSuiteOf(name, runVerdictSchema.parse(verdict))));

/** One run: a broken property is a failure, one that is not known an error, and what was not judged is skipped. */
export const junitSuiteOf = (name: string, verdict: RunVerdict): JunitSuite => ({
  ...frameOf(name, verdict),
  cases: [
    ...Object.entries(verdict.properties).map(([property, { verdict: found, reason }]) =>
      caseOf(verdict, property, outcomeOf(verdict, found, reason)),
    ),
    ...troubleCases(verdict),
  ],
});

/** Everything of a run's suite but its cases. */
export function frameOf(name: string, verdict: RunVerdict): Omit<JunitSuite, 'cases'> {
  const { environment, wallMs, durationMs, command, runDir } = verdict;
  return {
    name,
    date: new Date(environment.date),
    seconds: (wallMs ?? durationMs) / 1000,
    properties: {
      seed: String(verdict.seed),
      impl: verdict.impl,
      workload: verdict.workload,
      nemesis: verdict.nemesis,
      verdict: verdict.verdict,
      command,
      'run directory': runDir,
      'ftcheck version': environment.ftcheck,
    },
    output: `${verdict.verdict}: ${verdict.reason}\nRepeat this run with: ${command}\nFiles: ${runDir}\n`,
  };
}

/** A case of a run; its time is that of the checker that judged it. */
export const caseOf = ({ harness }: RunVerdict, name: string, outcome: JunitOutcome): JunitCase => ({
  name,
  seconds: (harness.checkersMs?.[name] ?? 0) / 1000,
  outcome,
});

/** What a property's verdict means to whoever counts tests. */
export function outcomeOf(
  run: RunVerdict,
  found: RunVerdict['properties'][string]['verdict'],
  reason: string,
): JunitOutcome {
  switch (found) {
    case 'valid':
      return { type: 'passed' };
    case 'invalid':
      return problem('failure', found, reason, run);
    case 'unknown':
      return problem('error', found, reason, run);
    case 'not-owed':
    case 'not-applicable':
      return { type: 'skipped', message: `${found.replace('-', ' ')}: ${reason}` };
  }
}

/** A failure or an error that says how to see it again. */
export const problem = (
  type: 'failure' | 'error',
  kind: string,
  reason: string,
  { command, runDir }: { readonly command: string; readonly runDir: string | null },
): JunitOutcome => ({
  type,
  kind,
  message: firstSentence(reason),
  text: `${reason}\n\nRepeat this run with:\n${command}\n${runDir === null ? '' : `Files: ${runDir}\n`}`,
});

/** A run that did not come to its end may have no property that says so. */
export function troubleCases(verdict: RunVerdict): readonly JunitCase[] {
  const { trouble, interrupted } = verdict.harness;
  const reason = trouble ?? (interrupted === null ? null : `interrupted by ${interrupted} before the end`);
  const isProven = verdict.verdict === 'invalid'; // `--fail-fast` ends a run because of what it then proves
  if (reason === null || isProven) return [];
  return [caseOf(verdict, 'run', problem('error', 'trouble', reason, verdict))];
}
