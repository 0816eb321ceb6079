import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../core/json.ts';

/** A JSON value in EDN, such that reading it gives the same value again. */
export function ednText(value: Json): string {
  if (value === null) return 'nil';
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'object') return JSON.stringify(value); // escapes of JSON are escapes of EDN
  if (isJsonList(value)) return `[${value.map(ednText).join(' ')}]`;
  return isJsonObject(value) ? (taggedText(value) ?? mapText(value)) : 'nil';
}

/** A name as a keyword, or as a text where it can be none. */
export const keywordText = (name: string): string =>
  /^[A-Za-z*+!_?$%&=<>][\w*+!?$%&=<>.-]*$/.test(name) ? `:${name}` : JSON.stringify(name);

/** Digits alone would be read as an integer, of which a double beyond these bounds is only the neighbour. */
const numberText = (value: number): string =>
  Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value);

const mapText = (map: JsonObject): string =>
  `{${Object.entries(map)
    .map(([name, value]) => `${JSON.stringify(name)} ${ednText(value ?? null)}`)
    .join(', ')}}`;

/** What the reader writes with a `#`, as it stood there; undefined for other objects. */
function taggedText(map: JsonObject): string | undefined {
  const [name = '', ...others] = Object.keys(map);
  const value = map[name] ?? null;
  if (others.length > 0) return undefined;
  const text = typeof value === 'string' ? value : '';
  switch (name) {
    case '#integer':
      return /^-?(?:0|[1-9]\d*)$/.test(text) && !Number.isSafeInteger(Number(text)) ? text : undefined;
    case '#decimal':
      return /^[+-]?(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][+-]?\d+)?M$/.test(text) ? text : undefined;
    case '#ratio':
      return /^[+-]?\d+\/[1-9]\d*$/.test(text) ? text : undefined;
    case '#float':
      return /^(?:-?Inf|NaN)$/.test(text) ? `##${text}` : undefined;
    default:
      return /^#:{0,2}[A-Za-z][\w.*+!?/-]*$/.test(name) ? `${name} ${ednText(value)}` : undefined;
  }
}
