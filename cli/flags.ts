import { Option, type Command } from '@commander-js/extra-typings';
import type { Given, Settings, SettingSpec } from './settings.ts';

/** Adds a flag for each setting; the result, called inside the action, gives what was set. */
export function flagSettings(command: Command, specs: readonly SettingSpec[]): () => Settings {
  const collected = new Map<string, Given>();
  for (const { name, argument, description, group } of specs) {
    const option = new Option(argument === null ? `--${name}` : `--${name} ${argument}`, description);
    command.addOption(group === undefined ? option : option.helpGroup(group));
    command.on(`option:${name}`, (value: unknown) => {
      const texts = collected.get(name)?.texts ?? [];
      const text = argument === null ? 'true' : String(value);
      collected.set(name, { texts: [...texts, text], place: `--${name}`, from: 'flag' });
    });
  }
  return () => collected;
}
