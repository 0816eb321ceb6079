import type { CommandModule } from '../command-module.ts';
import { flagSettings } from '../flags.ts';
import type { SettingSpec } from '../settings.ts';

const specs: readonly SettingSpec[] = [
  {
    name: 'port',
    argument: '<n>',
    description: 'where to listen on 127.0.0.1; 0: any free one (default: 0)',
  },
  {
    name: 'runs',
    argument: '<folder>',
    description: 'the folder of run directories (default: ftcheck-runs)',
  },
  { name: 'open', argument: null, description: 'open the list in the browser of this machine' },
];

const help = `
It only reads, and answers this machine alone. Ctrl-C ends it, with exit code 0.
Example: ftcheck serve --port=8080`;

export const define: CommandModule['define'] = (command, context, finish) => {
  const flags = flagSettings(command, specs);
  command.addHelpText('after', help);
  command.action(async () => {
    const { serve } = await import('../serve/serve.ts');
    finish(await serve(flags(), context));
  });
};
