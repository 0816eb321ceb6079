import { exitCodes, UsageError, type ExitCode } from '../../core/errors.ts';
import type { OptionSpec } from '../../core/impl.ts';
import { models } from '../../checker/models/models.ts';
import { checkers } from '../../checker/registry.ts';
import { nodesByDefault } from '../../harness/plan.ts';
import type { Context } from '../context.ts';
import { jsonText } from '../output.ts';
import type { CommandModule } from '../command-module.ts';
import { registry } from '../registry.ts';
import { noSuch } from '../suggest.ts';

export const define: CommandModule['define'] = (command, context, finish) => {
  command
    .argument('[what]', `one of ${Object.keys(catalogue).join(', ')} (default: all)`)
    .option('--json', 'print JSON')
    .action((what, options) => finish(list(what, options.json === true, context)));
};

/** One thing that can be chosen, and what may be said of it. */
interface Entry {
  readonly name: string;
  readonly description: string;
  readonly [more: string]: unknown;
}

const catalogue = {
  impls: (): readonly Entry[] =>
    Object.values(registry.impls)
      .filter((impl) => impl.parent === undefined)
      .map((impl) => {
        const options = Object.fromEntries(impl.options.map((option) => [option.name, option.default]));
        const nodes = nodesByDefault(impl, options);
        const { tolerates, outageMsMax, text } = impl.claims(nodes, options, 'default');
        const outageMsMaxFast = impl.claims(nodes, options, 'fast').outageMsMax;
        return {
          name: impl.name,
          description: impl.description,
          roles: impl.roles,
          claims: { tolerates, outageMsMax, outageMsMaxFast, text },
          options: impl.options,
        };
      }),
  workloads: (): readonly Entry[] =>
    Object.values(registry.workloads).map(
      ({ name, description, model, operationKinds, checkers, options }) => ({
        name,
        description,
        model,
        operations: operationKinds,
        checkers,
        options,
      }),
    ),
  nemeses: (): readonly Entry[] =>
    Object.values(registry.nemeses).map(({ name, description, class: faultClass, variants, takesRole }) => ({
      name,
      description,
      class: faultClass,
      variants: takesRole
        ? [...variants, { name: '<role>', description: 'a node that plays this role; any' }]
        : variants,
    })),
  checkers: (): readonly Entry[] =>
    Object.values(checkers).map(({ name, description }) => ({ name, description })),
  models: (): readonly Entry[] =>
    Object.values(models).map(({ name }) => ({ name, description: `check FILE --model=${name}` })),
  mutants: (): readonly Entry[] =>
    registry.mutants.map(({ name, description, parent, property, flags }) => ({
      name,
      description,
      parent,
      property,
      command: ['npx ftcheck run', `--impl=${name}`, ...flags].join(' '),
      parentCommand: ['npx ftcheck run', `--impl=${parent}`, ...flags].join(' '),
    })),
} as const;

function list(what: string | undefined, isJson: boolean, context: Context): ExitCode {
  const names = Object.keys(catalogue);
  const entry = Object.entries(catalogue).find(([name]) => name === what);
  if (what !== undefined && entry === undefined) throw new UsageError(noSuch('list of', what, names));
  const chosen = entry === undefined ? Object.entries(catalogue) : [entry];
  const found = chosen.map(([name, entries]) => [name, entries()] as const);
  if (isJson) {
    const [only] = found;
    context.stdout.write(
      jsonText(entry !== undefined && only !== undefined ? only[1] : Object.fromEntries(found)),
    );
  } else {
    const sections = found.map(([name, entries]) => [`${name}:`, ...entries.flatMap(linesOf)].join('\n'));
    context.stdout.write(`${sections.join('\n\n')}\n`);
  }
  return exitCodes.valid;
}

function linesOf(entry: Entry): string[] {
  const lines = [`  ${entry.name.padEnd(12)} ${entry.description}`];
  const indent = ' '.repeat(15);
  for (const option of (entry['options'] ?? []) as readonly OptionSpec[]) {
    const values = option.values === 'number' ? '<n>' : option.values.join('|');
    lines.push(`${indent}--${option.name}=${values}  ${option.description} (default: ${option.default})`);
  }
  for (const variant of (entry['variants'] ?? []) as readonly { name: string; description: string }[]) {
    lines.push(`${indent}:${variant.name}  ${variant.description}`);
  }
  if (typeof entry['command'] === 'string') lines.push(`${indent}${entry['command']}`);
  return lines;
}
