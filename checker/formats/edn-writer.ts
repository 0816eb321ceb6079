import { equalJson, isJsonList, type Json } from '../../core/json.ts';
import { ednText, keywordText } from './edn-text.ts';
import type { EventWriter } from './event-writer.ts';
import type { FileEvent } from './format.ts';
import { answerOf, repeatsArgument } from './jepsen-events.ts';

/**
 * EDN in Jepsen's convention, for Knossos: one map a line; completions of what changes something repeat its argument, a cas that found another
 * value fails. What the convention cannot tell stands besides under `:result`, which Knossos passes over and ftcheck reads.
 */
export function makeEdnWriter(): EventWriter {
  const open = new Map<number, Json>();
  return (event) => {
    const { process, type, f, key, value } = event;
    if (type === 'invoke') open.set(process, value);
    const argument = open.get(process) ?? null;
    if (type !== 'invoke') open.delete(process);
    const isRefused = type === 'ok' && f === 'cas' && value === false;
    const shown = type === 'ok' && !repeatsArgument(f) ? value : type === 'invoke' ? value : argument;
    const fields = [
      `:process ${process}`,
      `:type :${isRefused ? 'fail' : type}`,
      `:f ${keywordText(f)}`,
      ...(key === null ? [] : [`:key ${ednText(key)}`]),
      `:value ${f === 'txn' ? txnText(shown) : ednText(shown)}`,
      ...(type === 'ok' && !isTold(event, argument, shown) ? [`:result ${ednText(value)}`] : []),
      ...endOf(event),
    ];
    return `{${fields.join(', ')}}\n`;
  };
}

/** The last fields of a map. */
export const endOf = ({ index, time, error }: FileEvent): string[] => [
  `:time ${time}`,
  `:index ${index}`,
  ...(error === undefined ? [] : [`:error ${ednText(error)}`]),
];

/** Of these an answer of null is news. */
const mayAnswerNull: ReadonlySet<string> = new Set(['acquire', 'release']);

/** Whether a reader learns the answer from what is shown; nil may also say that nobody knows. */
function isTold({ f, value }: FileEvent, argument: Json, shown: Json): boolean {
  if (value === null) return repeatsArgument(f) && f !== 'cas' && !mayAnswerNull.has(f);
  return value !== false && equalJson(answerOf(f, argument, shown), value);
}

/** The micro-operations of a transaction have keywords for names, and Knossos knows registers by keywords, too. */
function txnText(value: Json): string {
  if (!isJsonList(value)) return ednText(value);
  const microText = (micro: Json): string => {
    if (!isJsonList(micro)) return ednText(micro);
    return `[${micro.map((each, i) => (i < 2 && typeof each === 'string' ? keywordText(each) : ednText(each))).join(' ')}]`;
  };
  return `[${value.map(microText).join(' ')}]`;
}
