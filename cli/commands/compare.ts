import type { CommandModule } from '../command-module.ts';
import { compareSettings } from '../compare/settings.ts';
import { flagSettings } from '../flags.ts';
import { registry } from '../registry.ts';
import { configSetting } from '../run-settings.ts';

const help = `
Without runs it plays the systems of --impls in turn, round by round; with runs (run directories, folders of them, files
of --save) it compares what is stored. Exit code 1: a run was invalid, or a threshold was violated.

Examples:
  ftcheck compare --impls simple,passive,active,somersault --html compare.html
  ftcheck compare --impls passive,passive:acks=majority --nemesis kill:primary
  ftcheck compare ftcheck-runs/old ftcheck-runs/new --threshold 'p99<+10%'
  ftcheck compare --impls passive,active --save main.json
  ftcheck compare --impls passive,active --baseline main.json --threshold 'p50<+10%' --threshold 'throughput>-5%'`;

export const define: CommandModule['define'] = (command, context, finish) => {
  const withRuns = command.argument('[runs...]', 'stored runs, folders of runs or comparisons');
  const flags = flagSettings(command, [configSetting, ...compareSettings(registry)]);
  command.addHelpText('after', help);
  withRuns.action(async (runs) => {
    const { compare } = await import('../compare/compare.ts'); // the harness, which --help does not need
    finish(await compare(runs, flags(), context));
  });
};
