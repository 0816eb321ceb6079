import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import { UsageError } from '../core/errors.ts';

/** Where the key or the value at a path of a document stands: `ftcheck.yaml:3:8`. */
export type PlaceOf = (path: readonly PropertyKey[], what: 'key' | 'value') => string;

/** A YAML document as plain values, and where they stand. UsageError with the place where it is malformed. */
export function parseWithPlaces(
  source: string,
  fileName: string,
): { readonly value: unknown; readonly placeOf: PlaceOf } {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const placeAt = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${fileName}:${Math.max(1, line)}:${Math.max(1, col)}`;
  };
  const malformed = document.errors[0] ?? document.warnings[0];
  if (malformed !== undefined) {
    throw new UsageError(`${placeAt(malformed.pos[0])}: ${malformed.message.replace(/\s*\n\s*/g, ' ')}`);
  }
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return;
      throw new UsageError(`${placeAt(alias.range?.[0] ?? 0)}: there is no anchor &${alias.source}`);
    },
  });
  const start = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);
  const placeOf: PlaceOf = (path, what) => {
    let value: unknown = document.contents;
    let key: unknown = value;
    for (const name of path) {
      const inner = childOf(isAlias(value) ? value.resolve(document) : value, name);
      if (inner === null) return placeAt(start(value));
      ({ key, value } = inner);
    }
    return placeAt(start(what === 'key' || !isNode(value) ? key : value));
  };
  return { value: document.toJS(), placeOf };
}

/** What a map holds under a name, or a list at a position, which has no key of its own; null: nothing. */
function childOf(
  node: unknown,
  name: PropertyKey,
): { readonly key: unknown; readonly value: unknown } | null {
  if (isSeq(node)) {
    const item = node.items[Number(name)];
    return item === undefined ? null : { key: item, value: item };
  }
  const pair = isMap(node)
    ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(name))
    : undefined;
  return pair === undefined ? null : { key: pair.key, value: pair.value };
}
