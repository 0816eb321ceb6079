import type { CommandModule } from '../command-module.ts';
import { flagSettings } from '../flags.ts';
import type { SettingSpec } from '../settings.ts';

const specs: readonly SettingSpec[] = [
  {
    name: 'format',
    argument: '<list>',
    description: 'which of html, junit, markdown, json, csv, with commas between (default: html)',
  },
  { name: 'open', argument: null, description: "open the HTML in the system's browser" },
  {
    name: 'out',
    argument: '<folder>',
    description: 'where the files are written (default: the run directory)',
  },
  { name: 'json', argument: null, description: 'print what was written as JSON' },
];

const help = `
Writes report.html, junit.xml, report.md, report.json or operations.csv and prints their paths. Every run writes its report.html by itself.
Examples: ftcheck report --open
          ftcheck report ftcheck-runs/latest --format=junit,markdown --out=artifacts`;

export const define: CommandModule['define'] = (command, context, finish) => {
  const flags = flagSettings(command, specs);
  command.argument('[run]', 'a run directory, or its name in ftcheck-runs', 'latest');
  command.addHelpText('after', help);
  command.action(async (run: unknown) => {
    const { report } = await import('../report/report.ts');
    finish(await report(String(run), flags(), context));
  });
};
