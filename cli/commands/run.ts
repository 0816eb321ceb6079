import { registry } from '../registry.ts';
import { flagSettings } from '../flags.ts';
import type { CommandModule } from '../command-module.ts';
import { configSetting, runSettings } from '../run-settings.ts';

const example = `
Example: ftcheck run --impl=passive --acks=all --nemesis=kill:primary+partition --duration=10s`;

export const define: CommandModule['define'] = (command, context, finish) => {
  const flags = flagSettings(command, [configSetting, ...runSettings(registry)]);
  command.addHelpText('after', example);
  command.action(async () => {
    const { run } = await import('../run-once.ts'); // the harness, which --help does not need
    finish(await run(flags(), context));
  });
};
