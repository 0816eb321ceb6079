import type { CommandModule } from '../command-module.ts';
import { flagSettings } from '../flags.ts';
import type { SettingSpec } from '../settings.ts';

const reports = 'Reports:';

const specs: readonly SettingSpec[] = [
  {
    name: 'seeds',
    argument: '<n>',
    description: "seeds for each combination, in the place of the suite's `seeds`",
  },
  {
    name: 'seed',
    argument: '<n>',
    description: 'the first of them (default: `seed` of the suite, else a new one each time)',
  },
  { name: 'shard', argument: '<i/n>', description: 'play the ith of n parts that take about as long' },
  {
    name: 'only',
    argument: '<text>',
    description: 'play scenarios whose name holds this text, in which * stands for anything',
  },
  {
    name: 'jobs',
    argument: '<n>',
    description:
      'runs side by side (default: 1); they share the processors, so that latencies, outages and SLOs are worse and time-outs come sooner: on two cores, stay with 1',
  },
  {
    name: 'retries',
    argument: '<n>',
    description:
      'repeat a scenario that is not as expected so often; one that is so only then is flaky, which is a failure (default: `retries` of the suite, else 0)',
  },
  {
    name: 'fresh',
    argument: null,
    description: 'begin anew, also where an earlier invocation was interrupted',
  },
  { name: 'list', argument: null, description: 'list what would be played, and play nothing' },
  {
    name: 'out',
    argument: '<folder>',
    description: 'where run directories are made (default: ftcheck-runs)',
  },
  { name: 'quiet', argument: null, description: 'no progress' },
  {
    name: 'junit',
    argument: '<file>',
    description: 'JUnit XML: a suite for each scenario, a case for each of its properties',
    group: reports,
  },
  { name: 'markdown', argument: '<file>', description: 'a summary for a pull request', group: reports },
  {
    name: 'json',
    argument: null,
    description: 'print the report as JSON on stdout, and nothing else there',
    group: reports,
  },
];

const more = `
Exit codes: 0 all as expected, 1 some are not, 2 some are unknown, 130 interrupted, 254 usage error, 255 a run could not be played.
Under GitHub Actions it also writes annotations and a job summary.

Example: ftcheck suite suites/smoke.yaml --junit=junit.xml`;

export const define: CommandModule['define'] = (command, context, finish) => {
  const flags = flagSettings(command, specs);
  command.argument('<file>', 'the suite, in YAML (docs/SUITE.md)');
  command.addHelpText('after', more);
  command.action(async (file: unknown) => {
    const { suite } = await import('../suite/suite.ts');
    finish(await suite(String(file), flags(), context));
  });
};
