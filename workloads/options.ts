import type { OptionSpec } from '../core/impl.ts';
import type { JsonObject } from '../core/json.ts';
import type { Random } from '../core/random.ts';

/** An option that is a number, or its default. */
export function numberOption(specs: readonly OptionSpec[], options: JsonObject, name: string): number {
  const given = options[name] ?? specs.find((spec) => spec.name === name)?.default;
  return Number(given);
}

/** Weights of operation kinds as options of one workload. */
export const weightSpecs = (weights: Readonly<Record<string, number>>): readonly OptionSpec[] =>
  Object.entries(weights).map(([name, weight]) => ({
    name,
    values: 'number',
    default: weight,
    description: `weight of ${name} among all operations`,
  }));

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
