/** The configuration of a node: parsed once, here. */
import { readFileSync } from 'node:fs';
import type { NodeConfig } from '../../core/child.ts';
import { slotNamed, type Slot } from '../../core/ids.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';

/** The configuration is not one: says which name, what was found, what would be right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(message: string, options?: ErrorOptions) {
    super(`bad configuration: ${message}`, options);
  }
}

/** From the first argument: JSON, or `@file` with JSON in it. */
export function parseNodeConfig(argument: string | undefined): NodeConfig {
  if (argument === undefined) throw new ConfigError('no configuration: give it as JSON, or as @file');
  const object = parseObject(argument.startsWith('@') ? readFile(argument.slice(1)) : argument);
  return {
    layer: text(object, 'layer'),
    options: objectOf(object, 'options'),
    app: text(object, 'app'),
    slot: slot(object, 'slot'),
    incarnation: whole(object, 'incarnation', Number.MAX_SAFE_INTEGER),
    mode: oneOf(object, 'mode', ['bootstrap', 'join']),
    peers: peers(object),
    timing: oneOf(object, 'timing', ['default', 'fast']),
    serviceMs: length(object, 'serviceMs'),
    seed: whole(object, 'seed', Number.MAX_SAFE_INTEGER),
    traceFile: textOrNull(object, 'traceFile'),
    originNs: origin(object),
    eventFile: textOrNull(object, 'eventFile'),
    port: whole(object, 'port', 65_535),
  };
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigError(`cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
}

function parseObject(json: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new ConfigError(`not JSON: ${(cause as Error).message}`, { cause });
  }
  if (!isJsonObject(value)) throw new ConfigError(`a JSON object is wanted, not ${show(value)}`);
  return value;
}

const show = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

function wrong(name: string, wanted: string, found: unknown): never {
  throw new ConfigError(`${name}: ${wanted} is wanted, not ${show(found)}`);
}

function text(object: JsonObject, name: string): string {
  const value = object[name];
  return typeof value === 'string' && value !== '' ? value : wrong(name, 'a text', value);
}

function textOrNull(object: JsonObject, name: string): string | null {
  return object[name] === null || object[name] === undefined ? null : text(object, name);
}

function whole(object: JsonObject, name: string, max: number, prefix = ''): number {
  const value = object[name];
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max
    ? value
    : wrong(prefix + name, `a whole number from 0 to ${max}`, value);
}

function length(object: JsonObject, name: string): number {
  const value = object[name];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? value
    : wrong(name, 'a number of milliseconds from 0 on', value);
}

function oneOf<T extends string>(object: JsonObject, name: string, choices: readonly T[]): T {
  const value = object[name];
  return choices.find((choice) => choice === value) ?? wrong(name, `one of ${choices.join(', ')}`, value);
}

function objectOf(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isJsonObject(value) ? value : wrong(name, 'an object', value);
}

function slot(object: JsonObject, name: string, prefix = ''): Slot {
  const value = object[name];
  return typeof value === 'string' && /^n[1-9]\d*$/.test(value)
    ? slotNamed(value)
    : wrong(prefix + name, 'a slot, n1 or n2 or ...,', value);
}

function origin(object: JsonObject): string {
  const value = object['originNs'];
  return typeof value === 'string' && /^\d+$/.test(value)
    ? value
    : wrong('originNs', 'a decimal number as text', value);
}

function peers(object: JsonObject): NodeConfig['peers'] {
  const list = object['peers'];
  if (!Array.isArray(list)) return wrong('peers', 'a list', list);
  const parsed = list.map((peer: unknown, i) => {
    const prefix = `peers[${i}].`;
    if (!isJsonObject(peer)) return wrong(`peers[${i}]`, 'an object', peer);
    const host = peer['host'];
    return {
      slot: slot(peer, 'slot', prefix),
      host: typeof host === 'string' && host !== '' ? host : wrong(`${prefix}host`, 'a text', host),
      port: whole(peer, 'port', 65_535, prefix),
    };
  });
  if (!parsed.some((peer) => peer.slot === object['slot']))
    wrong('peers', `a list with ${show(object['slot'])} in it`, list);
  return parsed;
}
