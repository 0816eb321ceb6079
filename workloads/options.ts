import type { OptionSpec } from '../core/impl.ts';
import type { JsonObject } from '../core/json.ts';
import type { Random } from '../core/random.ts';

/** An option that is a number, or its default. */
export function numberOption(specs: readonly OptionSpec[], options: JsonObject, name: string): number {
  const given = options[name] ?? specs.find((spec) => spec.name === name)?.default;
  return Number(given);
}

/** How many keys a workload uses, as its option `keys`. */
export const keysSpec = (count: number, description: string): OptionSpec => ({
  name: 'keys',
  values: 'number',
  default: count,
  description,
});

/** What `keys` asks for, at least one. */
export const keyCount = (specs: readonly OptionSpec[], options: JsonObject): number =>
  Math.max(1, numberOption(specs, options, 'keys'));

/** As many keys as `keys` asks for: a letter and a number from 1. */
export const keysOf = (specs: readonly OptionSpec[], options: JsonObject, letter: string): string[] =>
  Array.from({ length: keyCount(specs, options) }, (_, i) => `${letter}${i + 1}`);

/** Weights of operation kinds as options of one workload. */
export const weightSpecs = (weights: Readonly<Record<string, number>>): readonly OptionSpec[] =>
  Object.entries(weights).map(([name, weight]) => ({
    name,
    values: 'number',
    default: weight,
    description: `weight of ${name} among all operations`,
  }));

/** The weights that the options give to these kinds of operations. */
export const weightsOf = <Kind extends string>(
  specs: readonly OptionSpec[],
  options: JsonObject,
  kinds: readonly Kind[],
): readonly (readonly [Kind, number])[] =>
  kinds.map((kind) => [kind, numberOption(specs, options, kind)] as const);

/** One of the names, each as often as its weight says. */
export function pickWeighted<Name extends string>(
  random: Random,
  weights: readonly (readonly [name: Name, weight: number])[],
): Name | undefined {
  const total = weights.reduce((sum, [, weight]) => sum + Math.max(0, weight), 0);
  let at = random.unit() * total;
  for (const [name, weight] of weights) {
    at -= Math.max(0, weight);
    if (at < 0) return name;
  }
  return weights[0]?.[0];
}
