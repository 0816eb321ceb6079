import { UsageError } from '../../core/errors.ts';
import { isJsonList, type Json } from '../../core/json.ts';
import { ednText } from './edn-text.ts';
import { endOf } from './edn-writer.ts';
import type { EventWriter } from './event-writer.ts';
import type { FileEvent } from './format.ts';

/** What Elle calls the operations that it knows. */
const microNames: Readonly<Record<string, ':append' | ':r' | ':w'>> = {
  append: ':append',
  read: ':r',
  get: ':r',
  r: ':r',
  write: ':w',
  put: ':w',
  w: ':w',
};

/**
 * EDN for Elle: each operation is a transaction of one micro-operation. Appends with reads of lists make its list-append, writes with reads its
 * rw-register; of both it asks that no value is written twice to a key.
 */
export function makeElleWriter(): EventWriter {
  const open = new Map<number, Json>();
  const kinds = new Set<'list-append' | 'rw-register'>();
  return (event) => {
    for (const kind of kindsOf(event)) kinds.add(kind);
    if (kinds.size > 1)
      throw new UsageError(
        `event ${event.index}: Elle knows lists that are appended to and values that are written, but not both in one history`,
      );
    const { process, type, f, value } = event;
    if (type === 'invoke') open.set(process, value);
    const argument = open.get(process) ?? null;
    if (type !== 'invoke') open.delete(process);
    const micros = f === 'txn' ? txnMicros(event, argument) : [microText(event, argument)];
    return `{${[`:process ${process}`, `:type :${type}`, ':f :txn', `:value [${micros.join(' ')}]`, ...endOf(event)].join(', ')}}\n`;
  };
}

/** Which of Elle's workloads an event belongs to. */
function kindsOf({ f, type, value }: FileEvent): ('list-append' | 'rw-register')[] {
  const micros = f === 'txn' && isJsonList(value) ? value.filter(isJsonList) : [[f, null, value]];
  return micros.flatMap(([name, , own = null]) => {
    const micro = typeof name === 'string' && Object.hasOwn(microNames, name) ? microNames[name] : undefined;
    if (micro === ':append') return ['list-append'];
    if (micro === ':w') return ['rw-register'];
    if (micro !== ':r' || type !== 'ok' || own === null) return [];
    return [isJsonList(own) ? 'list-append' : 'rw-register'];
  });
}

function microText(event: FileEvent, argument: Json): string {
  const { f, key, type, value } = event;
  const name = nameOf(f, event);
  const shown = name !== ':r' ? argument : type === 'ok' ? value : null;
  return `[${name} ${ednText(key ?? 0)} ${ednText(shown)}]`;
}

function txnMicros(event: FileEvent, argument: Json): string[] {
  const { type, value } = event;
  const shown = type === 'ok' && value !== null ? value : argument;
  if (!isJsonList(shown)) throw unknownOf(event, ednText(shown));
  return shown.map((micro) => {
    if (!isJsonList(micro) || typeof micro[0] !== 'string') throw unknownOf(event, ednText(micro));
    const [f, key = null, own = null] = micro;
    return `[${nameOf(f, event)} ${ednText(key)} ${ednText(own)}]`;
  });
}

function nameOf(f: string, event: FileEvent): string {
  const name = Object.hasOwn(microNames, f) ? microNames[f] : undefined;
  if (name === undefined) throw unknownOf(event, f);
  return name;
}

const unknownOf = ({ index }: FileEvent, what: string): UsageError =>
  new UsageError(`event ${index}: Elle knows append, read and write, and not ${what.slice(0, 60)}`);
