import { parseArgs, type ParseArgsConfig } from 'node:util';

/** The command line of a program here: every option has a default, `--write` is taken by all. */
export interface Arguments {
  /** Put the section that is printed in the place of its former one in bench/README.md. */
  readonly write: boolean;
  /** As given, for the record. */
  readonly given: readonly string[];
  text(name: string): string;
  /** A number above 0. */
  positive(name: string): number;
  /** Numbers above 0, `20,50,100`. */
  positives(name: string): readonly number[];
  /** One word or several, `kill,pause`. */
  words(name: string): readonly string[];
}

/** What programs take that measure several loads in turn, in several rounds. */
export interface BenchOptions extends Arguments {
  readonly rounds: number;
  /** How long each load is measured in each round. */
  readonly seconds: number;
}

/** Reads this process's arguments: the options named in `defaults`, and no others. */
export function parseArguments(defaults: Readonly<Record<string, string>>): Arguments {
  const options: NonNullable<ParseArgsConfig['options']> = { write: { type: 'boolean' } };
  for (const [name, text] of Object.entries(defaults)) options[name] = { type: 'string', default: text };
  const { values } = parseArgs({ options });
  const text = (name: string): string => String(values[name]);
  const words = (name: string): readonly string[] => text(name).split(',');
  return {
    write: values['write'] === true,
    given: process.argv.slice(2).filter((argument) => argument !== '--write'),
    text,
    positive: (name) => positive(name, text(name)),
    positives: (name) => words(name).map((word) => positive(name, word)),
    words,
  };
}

export function benchOptions(
  defaults: { readonly rounds: number; readonly seconds: number },
  others: Readonly<Record<string, string>> = {},
): BenchOptions {
  const options = parseArguments({
    rounds: String(defaults.rounds),
    seconds: String(defaults.seconds),
    ...others,
  });
  return { ...options, rounds: options.positive('rounds'), seconds: options.positive('seconds') };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`--${name}=${text}: a number above 0 is wanted`);
}
