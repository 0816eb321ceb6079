import { isCollection, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
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
  const placeOf: PlaceOf = ([name, ...rest], what) => {
    const map = document.contents;
    const pair = isMap(map)
      ? map.items.find(({ key }) => isScalar(key) && String(key.value) === String(name))
      : undefined;
    if (pair === undefined) return placeAt(start(map));
    if (what === 'key' || !isNode(pair.value)) return placeAt(start(pair.key));
    const inner = rest.length > 0 && isCollection(pair.value) ? pair.value.getIn(rest, true) : undefined;
    return placeAt(start(inner ?? pair.value));
  };
  return { value: document.toJS(), placeOf };
}
