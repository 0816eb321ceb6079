import { never } from '../history/operation-table.ts';
import type { MonitorVerdict } from './monitor.ts';
import { chainFrom, chainTo, type BlockFault, type Blocks } from './register-blocks.ts';
import { noRow, type Clusters, type TwoSuccessors } from './register-clusters.ts';
import { kinds, type RegisterColumns } from './register-columns.ts';
import type { Overlap } from './register-schedule.ts';

/** The operations that contradict each other, for a person to see. */
type Contradiction = Extract<MonitorVerdict, { readonly verdict: 'invalid' }>;

const contradiction = (clusters: Clusters, rows: readonly number[], rule: string): Contradiction => {
  const all = new Set(rows.flatMap((row) => [row, ...proofOf(clusters, row)]));
  all.delete(noRow);
  return { verdict: 'invalid', rows: [...all].sort((a, b) => a - b), rule };
};

/** Who proves that an operation without an answer happened: a read of its value, or a cas that replaced it and what proves that one. */
function proofOf(clusters: Clusters, row: number): number[] {
  const { columns, firstReturn, successor } = clusters;
  const proof: number[] = [];
  for (let at = row; columns.kind[at] === kinds.unknownWriter;) {
    const value = columns.written[at] ?? 0;
    const isRead = firstReturn[value] !== never;
    at = isRead ? firstReader(clusters, value) : (successor[value] ?? noRow);
    proof.push(at);
  }
  return proof;
}

/** The read of a value that returned first. */
const firstReader = ({ columns, firstReturn }: Clusters, value: number): number =>
  columns.kind.findIndex(
    (kind, row) =>
      kind === kinds.read && columns.met[row] === value && columns.table.returned[row] === firstReturn[value],
  );

/** The read of a value that was called last. */
const lastReader = ({ columns }: Clusters, value: number): number =>
  columns.kind.findLastIndex((kind, row) => kind === kinds.read && columns.met[row] === value);

export const twoSuccessors = (clusters: Clusters, { value, successors }: TwoSuccessors): Contradiction =>
  contradiction(
    clusters,
    [clusters.writer[value] ?? noRow, ...successors],
    'two cas replaced a value that was written once',
  );

export function faultInBlock(clusters: Clusters, { fault, cluster }: BlockFault): Contradiction {
  const { columns, firstReturn, successor } = clusters;
  const next = successor[cluster] ?? noRow;
  switch (fault) {
    case 'nobody wrote it':
      return firstReturn[cluster] === never
        ? contradiction(clusters, [next], 'a cas replaced a value that nobody had written')
        : contradiction(
            clusters,
            [firstReader(clusters, cluster)],
            'a read returned a value that nobody had written',
          );
    case 'circle': {
      const rows = [next];
      for (let at = columns.written[next] ?? 0; at !== cluster;) {
        const row = successor[at] ?? noRow;
        rows.push(row);
        at = columns.written[row] ?? 0;
      }
      return contradiction(
        clusters,
        rows,
        'cas replaced values in a circle, so that none of them was the first',
      );
    }
    case 'too early':
      return tooEarly(clusters, cluster);
    default:
      return fault;
  }
}

/** The earliest return among a cluster's operations; -1 for the initial value, which was there before. */
const returnIn = ({ columns, writer, firstReturn }: Clusters, cluster: number): number => {
  const row = writer[cluster] ?? noRow;
  const written = cluster === 0 ? -1 : (columns.table.returned[row] ?? never);
  return Math.min(written, firstReturn[cluster] ?? never);
};
/** The latest call among a cluster's operations. */
const callIn = ({ columns, writer, lastCall }: Clusters, cluster: number): number =>
  Math.max(columns.table.called[writer[cluster] ?? noRow] ?? -1, lastCall[cluster] ?? -1);

/** The write of a cluster or one of its reads; a cluster that has none returns the initial value's row, which is none. */
function rowReturnedBefore(clusters: Clusters, cluster: number, position: number): number {
  const { columns, writer, firstReturn } = clusters;
  const row = writer[cluster] ?? noRow;
  const isWrite = cluster === 0 || (columns.table.returned[row] ?? never) < position;
  return isWrite || firstReturn[cluster] === never ? row : firstReader(clusters, cluster);
}
function rowCalledAfter(clusters: Clusters, cluster: number, position: number): number {
  const { columns, writer } = clusters;
  const row = writer[cluster] ?? noRow;
  return (columns.table.called[row] ?? -1) > position ? row : lastReader(clusters, cluster);
}

/** The writers of some links of a chain, which show that their values follow each other. */
const writersOf = ({ writer }: Clusters, chain: readonly number[], from: number, to: number): number[] =>
  chain.slice(Math.min(from, to), Math.max(from, to) + 1).map((cluster) => writer[cluster] ?? noRow);

function tooEarly(clusters: Clusters, cluster: number): Contradiction {
  const { columns, writer, firstReturn } = clusters;
  const { called, returned } = columns.table;
  const by = writer[cluster] ?? noRow;
  const read = firstReturn[cluster] ?? never;
  if (read < (called[by] ?? -1)) {
    const rows = [by, firstReader(clusters, cluster)];
    return contradiction(clusters, rows, 'a read returned a value before its write was called');
  }
  const chain = chainTo(clusters, cluster);
  const link = chain.length - 1;
  const position = Math.min(read, returned[by] ?? never);
  const lateLink = chain.slice(0, link).findLastIndex((each) => callIn(clusters, each) > position);
  const late = rowCalledAfter(clusters, chain[lateLink] ?? 0, position);
  const early = rowReturnedBefore(clusters, cluster, position + 1);
  const rule =
    columns.kind[late] === kinds.read
      ? 'a value was read after a cas had replaced it'
      : 'a value was there before a write that led to it by cas was called';
  return contradiction(clusters, [late, early, ...writersOf(clusters, chain, lateLink, link)], rule);
}

/**
 * The first block held the register when one of its operations returned and still when another was called. One of the second block was called
 * later than that return, and one returned earlier than that call: so it held the register in between. Those are chosen that are near.
 */
export function overlapping(clusters: Clusters, blocks: Blocks, { first, second }: Overlap): Contradiction {
  const { kind, table } = clusters.columns;
  const held = holders(clusters, blocks.head[first] ?? 0, blocks.start[second] ?? 0, blocks.end[second] ?? 0);
  const from = table.returned[held.early] ?? -1;
  const to = table.called[held.late] ?? never;
  const between = holders(clusters, blocks.head[second] ?? 0, to, from);
  const rule =
    kind[held.late] === kinds.read
      ? 'a read returned a value that had been replaced before it was called'
      : 'a cas met a value that had been replaced before it was called';
  const isWithin = (row: number): boolean =>
    kind[row] === kinds.writer && (table.called[row] ?? -1) > from && (table.returned[row] ?? never) < to;
  const within = between.rows.find(isWithin);
  return contradiction(clusters, [...held.rows, ...(within === undefined ? between.rows : [within])], rule);
}

/** Of a block the last value that was there before a position and the first that was there after another, who shows it, and what joins them. */
function holders(
  clusters: Clusters,
  head: number,
  before: number,
  after: number,
): { readonly early: number; readonly late: number; readonly rows: readonly number[] } {
  const chain = chainFrom(clusters, head);
  const earlyLink = chain.findLastIndex((cluster) => returnIn(clusters, cluster) < before);
  const lateLink = chain.findIndex((cluster) => callIn(clusters, cluster) > after);
  const early = rowReturnedBefore(clusters, chain[earlyLink] ?? 0, before);
  const late = rowCalledAfter(clusters, chain[lateLink] ?? 0, after);
  return { early, late, rows: [...writersOf(clusters, chain, earlyLink, lateLink), early, late] };
}

/** Somebody who met the value had returned before the failed cas was called, and another one was called after the cas returned; or null. */
export function heldThroughout(clusters: Clusters, cas: number): Contradiction | null {
  const { columns, writer, firstReturn, lastCall, successor } = clusters;
  const { called, returned } = columns.table;
  const value = columns.met[cas] ?? 0;
  const by = writer[value] ?? noRow;
  const next = successor[value] ?? noRow;
  const isWritten = by === noRow || (returned[by] ?? never) < (called[cas] ?? 0);
  const isReplacedLater = next !== noRow && (called[next] ?? 0) > (returned[cas] ?? never);
  if (!isWritten && (firstReturn[value] ?? never) > (called[cas] ?? 0)) return null;
  if (!isReplacedLater && (lastCall[value] ?? -1) < (returned[cas] ?? never)) return null;
  return contradiction(
    clusters,
    [
      by,
      isWritten ? noRow : firstReader(clusters, value),
      cas,
      isReplacedLater ? next : lastReader(clusters, value),
    ],
    'a cas failed although the register held the value that it expected',
  );
}

/** A value met before anybody who may have written it was called; null: none was. Says nothing of who wrote what. */
export function metTooEarly({
  kind,
  met,
  written,
  table,
  valueCount,
}: RegisterColumns): Contradiction | null {
  const firstWriter = new Int32Array(valueCount).fill(noRow);
  for (let row = table.count - 1; row >= 0; row--) {
    if (kind[row] === kinds.writer || kind[row] === kinds.unknownWriter) firstWriter[written[row] ?? 0] = row;
  }
  for (let row = 0; row < table.count; row++) {
    const value = met[row] ?? -1;
    if (value <= 0 || (kind[row] !== kinds.read && kind[row] !== kinds.writer)) continue;
    const by = firstWriter[value] ?? noRow;
    const words = kind[row] === kinds.read ? 'a read returned' : 'a cas replaced';
    if (by === noRow) {
      return { verdict: 'invalid', rows: [row], rule: `${words} a value that nobody had written` };
    }
    if ((table.returned[row] ?? never) < (table.called[by] ?? 0)) {
      return {
        verdict: 'invalid',
        rows: [row, by],
        rule: `${words} a value before any write of it was called`,
      };
    }
  }
  return null;
}
