import { parseArgs } from 'node:util';

/** What every program here takes. */
export interface BenchOptions {
  readonly rounds: number;
  /** How long each load is measured in each round. */
  readonly seconds: number;
  /** Put the section that is printed in the place of its former one in bench/README.md. */
  readonly write: boolean;
  /** As given, for the record. */
  readonly given: readonly string[];
}

export function benchOptions(defaults: { readonly rounds: number; readonly seconds: number }): BenchOptions {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: String(defaults.rounds) },
      seconds: { type: 'string', default: String(defaults.seconds) },
      write: { type: 'boolean', default: false },
    },
  });
  const { write } = values;
  const given = process.argv.slice(2).filter((argument) => argument !== '--write');
  return {
    rounds: positive('rounds', values.rounds),
    seconds: positive('seconds', values.seconds),
    write,
    given,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`--${name}=${text}: a number above 0 is wanted`);
}
