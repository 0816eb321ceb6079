import { flagSettings } from '../flags.ts';
import type { CommandModule } from '../command-module.ts';
import type { SettingSpec } from '../settings.ts';

const specs: readonly SettingSpec[] = [
  {
    name: 'model',
    argument: '<name>',
    description: 'the sequential object of a history file; ftcheck list models',
  },
  { name: 'out', argument: '<folder>', description: 'where `latest` is looked for (default: ftcheck-runs)' },
  {
    name: 'write',
    argument: null,
    description: 'replace the verdict.json of the run; a missing one is always written',
  },
  {
    name: 'checker-time',
    argument: '<time>',
    description: 'of a history file: the checkers end after so long (default: 30s)',
  },
  { name: 'checker-memory', argument: '<MB>', description: 'and beyond so much memory (default: 1024)' },
  { name: 'json', argument: null, description: 'print the verdict as JSON, and nothing else on stdout' },
];

export const define: CommandModule['define'] = (command, context, finish) => {
  const flags = flagSettings(command, specs);
  command.argument('<run>', 'a run directory, its name under --out, `latest`, or a history file');
  command.action(async (run: unknown) => {
    const { check } = await import('../check-stored.ts');
    finish(await check(String(run), flags(), context));
  });
};
