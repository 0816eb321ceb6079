import type { Json } from '../../core/json.ts';
import type { TimedOperation } from '../../core/model.ts';
import type { Dependents } from './units.ts';
import { makeUses, timesOf, type Uses } from './units-uses.ts';

/** Looks at so many characters of texts; beyond, writes have to stay. */
const charactersMax = 300_000_000;

/**
 * For texts: a put or an append goes with the gets that have its piece, may come after it, and have no put between it and them that certainly
 * happened. The others consist of what others wrote.
 */
export function dependentsOfKvAppend(operations: readonly TimedOperation[]): Dependents {
  const times = timesOf(operations);
  const uses = (isOne: (operation: TimedOperation) => boolean): Uses => {
    const some = operations.flatMap((operation, number) => (isOne(operation) ? [number] : []));
    return makeUses(
      some,
      some.map(() => 0),
      1,
      times,
    );
  };
  const gets = uses(({ f, result }) => f === 'get' && typeof result === 'string');
  const surePuts = uses(({ f, returned }) => f === 'put' && returned !== Infinity);
  const firstSure = surePuts.endAfter(0, -1);
  const isExplained = operations.map(({ called }) => called < firstSure);
  let characters = 0;
  const dependents = operations.map(({ f, value, called, returned }) => {
    const met: number[] = [];
    if (f === 'get' || (f === 'append' && value === '')) return met;
    if (typeof value !== 'string' || characters > charactersMax) return null;
    gets.eachBetween(0, called, surePuts.endAfter(0, returned), (get) => {
      const text = textOf(operations[get]);
      characters += text.length;
      if (!(f === 'put' ? text.startsWith(value) : text.includes(value))) return;
      met.push(get);
      if (f === 'put') isExplained[get] = true;
    });
    return met;
  });
  for (let use = 0; use < gets.end(0); use++) {
    const get = gets.operationOf(use);
    if (isExplained[get] === true) continue;
    for (const piece of latestPieces(operations, operations[get])) dependents[piece]?.push(get);
  }
  return dependents;
}

const textOf = (get: TimedOperation | undefined): string =>
  typeof get?.result === 'string' ? get.result : '';

/** Of what can only have been put away before a get: the last of each piece that it has, so that everybody sees what was put away. */
function latestPieces(
  operations: readonly TimedOperation[],
  get: TimedOperation | undefined,
): readonly number[] {
  const text = textOf(get);
  const end = get?.returned ?? 0;
  const latest = new Map<Json, number>();
  for (const [number, { f, value, called }] of operations.entries()) {
    if (called > end) break;
    if (f !== 'get' && typeof value === 'string' && text.includes(value)) latest.set(value, number);
  }
  return [...latest.values()];
}
