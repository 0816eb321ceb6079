import type { CommandModule } from '../command-module.ts';
import { failoverSettings } from '../failover/settings.ts';
import { flagSettings } from '../flags.ts';
import { registry } from '../registry.ts';

const help = `
300 trials take some six minutes, or three with --timing=fast; an interrupted series (Ctrl-C) reports on what it has.
Exit codes: 0 complete, every --slo met; 1 an --slo missed; 2 one undecided, or the series given up; 130 interrupted.
Example: ftcheck failover --impl=somersault --fault=kill:primary --fault=pause:primary --trials=30 --slo='outage.p90<1s'`;

export const define: CommandModule['define'] = (command, context, finish) => {
  const flags = flagSettings(command, failoverSettings(registry));
  command.addHelpText('after', help);
  command.action(async () => {
    const { failover } = await import('../failover/failover.ts'); // the harness, which --help does not need
    finish(await failover(flags(), context));
  });
};
