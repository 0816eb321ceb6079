/** Where something stands in a text, counted from 1, as editors count. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** Where JSON.parse stopped, from its message; the end of the text where it does not say. */
export function placeOfSyntaxError(text: string, error: unknown): Place {
  const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  return placeAt(text, position === undefined ? text.length : Number(position));
}

/** Where the value at this path begins in a text that is JSON; the innermost enclosing value that exists, if it does not. */
export function placeOfPath(text: string, path: readonly PropertyKey[]): Place {
  let at = skipSpace(text, 0);
  for (const name of path) {
    const inner = typeof name === 'number' ? itemAt(text, at, name) : memberAt(text, at, String(name));
    if (inner === undefined) break;
    at = inner;
  }
  return placeAt(text, at);
}

const skipSpace = (text: string, from: number): number => {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at += 1;
  return at;
};

/** Just behind the value that begins here. */
function skipValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length;) {
    const character = text.charAt(at);
    if (character === '"') at = skipString(text, at);
    else {
      if (character === '{' || character === '[') depth += 1;
      if (character === '}' || character === ']') depth -= 1;
      if (depth < 0 || (depth === 0 && character === ',')) return at;
      at += 1;
    }
    if (depth === 0 && '}]"'.includes(character)) return at;
  }
  return text.length;
}

function skipString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}

function itemAt(text: string, from: number, index: number): number | undefined {
  if (text.charAt(from) !== '[') return undefined;
  let at = skipSpace(text, from + 1);
  for (let i = 0; i < index; i++) {
    at = skipSpace(text, skipValue(text, at));
    if (text.charAt(at) !== ',') return undefined;
    at = skipSpace(text, at + 1);
  }
  return at;
}

function memberAt(text: string, from: number, name: string): number | undefined {
  if (text.charAt(from) !== '{') return undefined;
  let at = skipSpace(text, from + 1);
  while (text.charAt(at) === '"') {
    const end = skipString(text, at);
    const found: unknown = JSON.parse(text.slice(at, end));
    const value = skipSpace(text, skipSpace(text, end) + 1);
    if (found === name) return value;
    at = skipSpace(text, skipSpace(text, skipValue(text, value)) + 1);
  }
  return undefined;
}
