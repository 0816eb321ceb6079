import { exitCodes, type ExitCode } from '../../core/errors.ts';
import { expectationText } from '../../results/suite/outcome.ts';
import { minutesText } from '../../results/suite/suite-summary.ts';
import { plural } from '../../results/units-text.ts';
import type { Context } from '../context.ts';
import { jsonText } from '../output.ts';
import { nominalJobMs, type SuiteJob } from './job.ts';

/** What a suite would play. */
export function listSuite(jobs: readonly SuiteJob[], isJson: boolean, { stdout }: Context): ExitCode {
  const totalMs = jobs.reduce((sum, job) => sum + nominalJobMs(job), 0);
  if (isJson) {
    const scenarios = jobs.map((job) => ({
      id: job.id,
      expected: job.expected,
      seeds: job.plans.map(({ seed }) => seed),
      nominalMs: nominalJobMs(job),
    }));
    stdout.write(jsonText({ scenarios, nominalMs: totalMs }));
    return exitCodes.valid;
  }
  for (const job of jobs) {
    const { verdict } = job.expected;
    const expected = verdict === 'valid' ? '' : `  expected: ${expectationText(job.expected)}`;
    stdout.write(`${minutesText(nominalJobMs(job)).padStart(9)}  ${job.id}${expected}\n`);
  }
  stdout.write(
    `${plural(jobs.length, 'scenario')}, at most about ${minutesText(totalMs)} one after another\n`,
  );
  return exitCodes.valid;
}
