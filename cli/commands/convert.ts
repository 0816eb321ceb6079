import type { CommandModule } from '../command-module.ts';
import { flagSettings } from '../flags.ts';
import { formatSpec, readingSpecs } from '../history-flags.ts';
import type { SettingSpec } from '../settings.ts';

const specs: readonly SettingSpec[] = [
  formatSpec('from'),
  {
    name: 'to',
    argument: '<edn|elle|ftcheck>',
    description: 'EDN for Knossos, EDN for Elle, or our own JSON lines',
  },
  { name: 'out', argument: '<file>', description: 'where to write it (default: standard output)' },
  {
    name: 'model',
    argument: '<name>',
    description: 'the object that the history is of, which says what a nil of Jepsen means',
  },
  ...readingSpecs,
];

const example = `
Example: ftcheck convert ftcheck-runs/latest/history.jsonl --to=edn --out=history.edn`;

export const define: CommandModule['define'] = (command, context, finish) => {
  const flags = flagSettings(command, specs);
  command.argument('<file>', 'a history file, of any format that `check` reads; - is standard input');
  command.addHelpText('after', example);
  command.action(async (file: unknown) => {
    const { convert } = await import('../convert.ts');
    finish(await convert(String(file), flags(), context));
  });
};
