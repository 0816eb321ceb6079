import type { EventType } from '../../core/history.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { JepsenEvent } from './jepsen-events.ts';
import { Malformed } from './malformed.ts';

const types: readonly string[] = ['invoke', 'ok', 'fail', 'info'] satisfies EventType[];
export const isEventType = (value: Json | undefined): value is EventType =>
  typeof value === 'string' && types.includes(value);

/** The event that a map of EDN describes; null for one of the nemesis, which has a keyword for its process. Throws Malformed. */
export function jepsenEventOf(form: Json): JepsenEvent | null {
  const map = untagged(form);
  const { process, type, f, key, value = null, time, error } = map;
  if (typeof process === 'string') return null;
  if (!isCount(process)) throw wrong('process', 'a whole number from 0 or a keyword', process);
  if (!isEventType(type)) throw wrong('type', ':invoke, :ok, :fail or :info', type);
  if (typeof f !== 'string') throw wrong('f', 'the name of an operation', f);
  if (time !== undefined && time !== null && typeof time !== 'number')
    throw wrong('time', 'nanoseconds', time);
  return {
    process,
    type,
    f,
    key,
    value,
    result: map['result'],
    time: time === null || time === undefined ? undefined : Math.max(0, Math.round(time)),
    error: error === undefined || error === null ? undefined : textOf(error),
  };
}

/** A record of Clojure is printed as a map with a tag: `#jepsen.history.Op{...}`. */
function untagged(form: Json): JsonObject {
  const map = isJsonObject(form) ? (taggedIn(form) ?? form) : form;
  if (isJsonObject(map)) return map;
  throw new Malformed(0, `expected a map, found ${canonicalJson(map).slice(0, 40)}`);
}

function taggedIn(form: JsonObject): Json | undefined {
  for (const name in form) return name.startsWith('#') ? form[name] : undefined;
  return undefined;
}

const isCount = (value: Json | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const textOf = (value: Json): string => (typeof value === 'string' ? value : canonicalJson(value));
const wrong = (name: string, expected: string, found: Json | undefined): Malformed =>
  new Malformed(
    0,
    `${name}: expected ${expected}, found ${found === undefined ? 'nothing' : canonicalJson(found).slice(0, 40)}`,
  );
