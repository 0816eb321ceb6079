import type { OperationTable } from '../history/operation-table.ts';
import { chainOf } from './lock-chain.ts';
import { holdsOf, tokensPossible, type Conflict, type Holds } from './lock-holds.ts';
import { momentsOf } from './lock-moments.ts';
import { linearizationOf } from './lock-order.ts';
import { lockRows, unknownAcquire, type LockRows } from './lock-rows.ts';
import type { Monitor, MonitorVerdict } from './monitor.ts';

/**
 * Decides by the order of tokens. Holds that nobody met, of an acquire and a release without an answer, are few, and are tried in all
 * combinations if need be.
 */
export const lockMonitor: Monitor = {
  name: 'lock',
  judge: (table) => {
    const rows = lockRows(table);
    if (rows === null) return { verdict: 'undecided', why: 'there are operations that a lock does not have' };
    if (rows.nonsense >= 0)
      return invalid({ rows: [rows.nonsense], rule: 'an answer is none that a lock gives' });
    const holds = holdsOf(table, rows, []);
    if ('rule' in holds) return invalid(holds);
    const answer = judgeHolds(table, rows, holds);
    if (answer.verdict === 'valid') return answer;
    const possible = rows.kind.includes(unknownAcquire) ? tokensPossible(rows) : [];
    if (2 ** possible.length * table.count > rowsToTryMax) {
      return { verdict: 'undecided', why: 'too many holds that nobody met are possible' };
    }
    return triedWith(possible, table, rows) ?? answer;
  },
};

/** How many rows to look at, over all combinations. */
const rowsToTryMax = 1 << 23;

function triedWith(
  possible: readonly number[],
  table: OperationTable,
  rows: LockRows,
): MonitorVerdict | null {
  for (let chosen = 1; chosen < 2 ** possible.length; chosen++) {
    const holds = holdsOf(
      table,
      rows,
      possible.filter((_, i) => ((chosen >>> i) & 1) === 1),
    );
    const answer = 'rule' in holds ? null : judgeHolds(table, rows, holds);
    if (answer?.verdict === 'valid') return answer;
  }
  return null;
}

/** As if nobody else ever held the lock, but for one at the end that is never met. */
function judgeHolds(table: OperationTable, rows: LockRows, holds: Holds): MonitorVerdict {
  const chain = chainOf(table, holds);
  if ('rule' in chain) return invalid(chain);
  const moments = momentsOf(table, rows, holds, chain);
  if ('rule' in moments) return invalid(withAcquires(moments, rows, holds));
  return { verdict: 'valid', linearization: () => linearizationOf(table, rows, holds, chain, moments) };
}

/** The acquires of all tokens that the rows speak of belong to the cause. */
function withAcquires({ rows, rule }: Conflict, { token }: LockRows, { acquire, placeOf }: Holds): Conflict {
  const acquires = rows.map((row) => acquire[placeOf.get(token[row] ?? NaN) ?? -1] ?? -1);
  return { rows: [...new Set([...acquires.filter((row) => row >= 0), ...rows])], rule };
}

const invalid = ({ rows, rule }: Conflict): MonitorVerdict => ({ verdict: 'invalid', rows, rule });
