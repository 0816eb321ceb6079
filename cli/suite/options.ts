import type { Shard } from '../../results/suite/shards.ts';
import { program, quoted } from '../replay-command.ts';
import { seedMax } from '../run-settings.ts';
import { isOn, read, type Settings } from '../settings.ts';
import { type Parse, text, wholeNumber, Wrong } from '../values.ts';

/** What the flags of `ftcheck suite` say; null: not given. */
export interface SuiteOptions {
  readonly shard: Shard | null;
  readonly jobs: number;
  readonly junit: string | null;
  readonly markdown: string | null;
  readonly seeds: number | null;
  readonly seed: number | null;
  readonly only: string | null;
  readonly retries: number | null;
  readonly isFresh: boolean;
  readonly isList: boolean;
  readonly isQuiet: boolean;
}

export const suiteOptions = (flags: Settings): SuiteOptions => ({
  shard: read(flags, 'shard', shard, null),
  jobs: read(flags, 'jobs', wholeNumber(1, 64), 1),
  junit: read(flags, 'junit', text, null),
  markdown: read(flags, 'markdown', text, null),
  seeds: read(flags, 'seeds', wholeNumber(1, 10_000), null),
  seed: read(flags, 'seed', wholeNumber(0, seedMax), null),
  only: read(flags, 'only', text, null),
  retries: read(flags, 'retries', wholeNumber(0, 100), null),
  isFresh: isOn(flags, 'fresh'),
  isList: isOn(flags, 'list'),
  isQuiet: isOn(flags, 'quiet'),
});

const shard: Parse<Shard> = (given) => {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(given);
  const [index, of] = [Number(match?.[1]), Number(match?.[2])];
  if (match !== null && index >= 1 && index <= of) return { index, of };
  throw new Wrong(`'${given}' is not a part of a whole, such as 1/3 for the first of three`);
};

/** Whether a name holds the text; `*` stands for any. */
export const matches = (id: string, pattern: string): boolean =>
  new RegExp(
    pattern
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join('.*'),
    'i',
  ).test(id);

const repeated = ['seeds', 'shard', 'only', 'jobs', 'retries', 'out'] as const;

/** The command that plays the suite again; the seed is said even where nobody chose it. */
export function suiteCommand(path: string, flags: Settings, seed: number): string {
  const given = repeated.flatMap((name) => {
    const value = flags.get(name)?.texts.at(-1);
    return value === undefined ? [] : [`--${name}=${value}`];
  });
  return [`${program} suite`, ...[path, `--seed=${seed}`, ...given].map(quoted)].join(' ');
}
