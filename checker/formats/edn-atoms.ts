import type { Json } from '../../core/json.ts';
import { Malformed } from './malformed.ts';

/** A number, keyword or symbol. */
export function atomOf(token: string, at: number): Json {
  const code = token.charCodeAt(0);
  if (code === 0x3a) return keywordOf(token, at);
  const isSigned = code === 0x2d || code === 0x2b;
  if (isDigit(code) || (isSigned && isDigit(token.charCodeAt(1)))) return numberOf(token, at);
  switch (token) {
    case 'nil':
      return null;
    case 'true':
      return true;
    case 'false':
      return false;
    default:
      if (/^[^\s@^`~'\\][^\s\\]*$/u.test(token)) return copied(token);
      throw new Malformed(at, `${token.slice(0, 40)} is no form of EDN`);
  }
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

function keywordOf(token: string, at: number): string {
  if (token.length > 1 && token.charCodeAt(1) !== 0x3a) return copied(token.slice(1));
  throw new Malformed(at, `${token} is no keyword`);
}

/** V8 copies short parts of a text, but a long one would keep all of it in memory. */
const copied = (token: string): string =>
  token.length < 13 ? token : (JSON.parse(JSON.stringify(token)) as string);

/** What a double does not hold exactly must not become equal to its neighbour. */
function numberOf(token: string, at: number): Json {
  const short = shortCountOf(token);
  if (short >= 0) return short;
  const [, sign = '', digits] = /^([+-]?)(0|[1-9]\d*)N?$/.exec(token) ?? [];
  if (digits !== undefined) return integerOf(`${sign === '-' ? '-' : ''}${digits}`);
  if (/^[+-]?(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][+-]?\d+)?$/.test(token)) return finite(Number(token), at);
  if (/^[+-]?(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][+-]?\d+)?M$/.test(token)) return { '#decimal': token };
  if (/^[+-]?\d+\/[1-9]\d*$/.test(token)) return { '#ratio': token };
  // Clojure prints addresses so: #object[java.lang.Object 0x5a1c0542 "..."].
  if (/^0x[0-9a-fA-F]+$/.test(token)) return integerOf(BigInt(token).toString());
  throw new Malformed(at, `${token.slice(0, 40)} is no number of EDN`);
}

/** Most numbers are whole, not negative, and short enough to be exact; -1 for others. */
function shortCountOf(token: string): number {
  if (token.length > 15 || (token.length > 1 && token.charCodeAt(0) === 0x30)) return -1;
  let sum = 0;
  for (let i = 0; i < token.length; i++) {
    const code = token.charCodeAt(i);
    if (!isDigit(code)) return -1;
    sum = sum * 10 + code - 0x30;
  }
  return sum;
}

function integerOf(digits: string): Json {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number + 0 : { '#integer': digits };
}

function finite(number: number, at: number): number {
  if (Number.isFinite(number)) return number + 0;
  throw new Malformed(at, 'a number that is too large');
}

const namedCharacters: Readonly<Record<string, string>> = {
  newline: '\n',
  return: '\r',
  space: ' ',
  tab: '\t',
  backspace: '\b',
  formfeed: '\f',
};

/** `\a`, `\newline`, `A`: what stands behind the backslash. */
export function characterOf(name: string, at: number): string {
  if (Array.from(name).length === 1) return name;
  const named = Object.hasOwn(namedCharacters, name) ? namedCharacters[name] : undefined;
  if (named !== undefined) return named;
  const code = /^u([0-9a-fA-F]{4})$/.exec(name)?.[1];
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
  throw new Malformed(at, `\\${name.slice(0, 40)} is no character`);
}
