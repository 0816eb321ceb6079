import type { CommandModule } from '../command-module.ts';
import { flagSettings } from '../flags.ts';
import { historySpecs } from '../history-flags.ts';
import type { SettingSpec } from '../settings.ts';

const forRuns = 'Of a stored run:';

const specs: readonly SettingSpec[] = [
  { name: 'json', argument: null, description: 'print the verdict as JSON, and nothing else on stdout' },
  {
    name: 'out',
    argument: '<folder>',
    description: 'where `latest` is looked for (default: ftcheck-runs)',
    group: forRuns,
  },
  {
    name: 'write',
    argument: null,
    description: 'replace the verdict.json of the run; a missing one is always written',
    group: forRuns,
  },
];

const example = `
Example: ftcheck check history.edn --model=register --initial=0`;

export const define: CommandModule['define'] = (command, context, finish) => {
  const flags = flagSettings(command, [
    ...specs,
    ...historySpecs.map((spec) => ({ ...spec, group: 'Of a history file:' })),
  ]);
  command.argument(
    '<run>',
    'a run directory, its name under --out, `latest`, or a history file, - for standard input',
  );
  command.addHelpText('after', example);
  command.action(async (run: unknown) => {
    const { check } = await import('../check-stored.ts');
    finish(await check(String(run), flags(), context));
  });
};
