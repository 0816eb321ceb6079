import { flagSettings } from '../flags.ts';
import type { CommandModule } from '../command-module.ts';
import { registry } from '../registry.ts';
import { configSetting, simulateSettings } from '../run-settings.ts';

const example = `
Example: ftcheck simulate --impl=passive --nodes=5 --seeds=1000`;

export const define: CommandModule['define'] = (command, context, finish) => {
  const flags = flagSettings(command, [configSetting, ...simulateSettings(registry)]);
  command.addHelpText('after', example);
  command.action(async () => {
    const { simulateSeeds } = await import('../simulate-seeds.ts');
    finish(await simulateSeeds(flags(), context));
  });
};
