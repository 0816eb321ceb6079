import { UsageError } from '../core/errors.ts';
import { Wrong, type Parse } from './values.ts';

/** A setting as it was given: its text (several for a list) and where it stands, `--nodes` or `ftcheck.yaml:3:8`. */
export interface Given {
  readonly texts: readonly string[];
  readonly place: string;
  readonly from: 'flag' | 'file';
}

/** Everything that was given, by name: `op-timeout`, as flag and file write it. */
export type Settings = ReadonlyMap<string, Given>;

/** What a flag and a key of ftcheck.yaml have in common. */
export interface SettingSpec {
  readonly name: string;
  /** As help shows it: `<n>`; null for a switch. */
  readonly argument: string | null;
  readonly description: string;
  /** May be given more than once, and is a list in the file. */
  readonly repeated?: boolean;
  /** The heading that help shows it under, unless it is `Options:`. */
  readonly group?: string;
}

/** The value of a setting, or the fallback where it was not given; UsageError with the place where it is no such value. */
export function read<T, Fallback>(
  settings: Settings,
  name: string,
  parse: Parse<T>,
  fallback: Fallback,
): T | Fallback {
  const given = settings.get(name);
  const last = given?.texts.at(-1);
  return given === undefined || last === undefined ? fallback : parsed(given, name, parse, last);
}

/** Whether a switch is set: `--json`, or `json: true` in the file. */
export const isOn = (settings: Settings, name: string): boolean =>
  settings.get(name)?.texts.at(-1) === 'true';

function parsed<T>(given: Given, name: string, parse: Parse<T>, text: string): T {
  try {
    return parse(text);
  } catch (thrown) {
    if (!(thrown instanceof Wrong)) throw thrown;
    throw wrongAt(given, name, thrown.message);
  }
}

/** `--nodes: what is wrong`, or `ftcheck.yaml:3:8: nodes: what is wrong`. */
export const wrongAt = (given: Given, name: string, message: string): UsageError =>
  new UsageError(`${given.from === 'flag' ? `--${name}` : `${given.place}: ${name}`}: ${message}`);

/** Flags win over the file. */
export const merge = (file: Settings, flags: Settings): Settings => new Map([...file, ...flags]);
