/** Holds a monitor against the plain search on random histories that are too long for brute force. */
import fc from 'fast-check';
import type { Model } from '../core/model.ts';
import { operationsIn, tableOf } from '../checker/history/operation-table.ts';
import type { Monitor } from '../checker/monitors/monitor.ts';
import type { FuzzCounts } from './monitor-fuzz.ts';
import { contextFor, faultOf, plainSearch } from './oracle.ts';
import { historyOf, stepOf, type SimulatedObject } from './random-history.ts';

const choices = 5000;

/** Throws on a history on which they disagree; where the search gives up nothing is compared. */
export function fuzzAgainstSearch(options: {
  readonly monitor: Monitor;
  readonly model: Model<unknown>;
  readonly object: SimulatedObject;
  readonly runs: number;
  readonly values?: number;
}): FuzzCounts {
  const { monitor, model, object, runs, values = 4 } = options;
  const counts = { valid: 0, invalid: 0, undecided: 0 };
  const steps = fc.array(stepOf(values, 8), { minLength: 60, maxLength: 130, size: 'max' });
  fc.assert(
    fc.property(steps, (given) => {
      const table = tableOf(historyOf(given, object, { operations: 40, unknown: 4 }));
      const answer = monitor.judge(table, contextFor(model, object.initial));
      counts[answer.verdict] += 1;
      if (answer.verdict === 'undecided') return;
      const status = plainSearch(operationsIn(table), model, choices, object.initial);
      if (status !== 'unknown' && (status === 'found') !== (answer.verdict === 'valid')) {
        throw new Error(`${monitor.name} says ${answer.verdict}, the search ${status}`);
      }
      const fault =
        answer.verdict === 'valid' ? faultOf(answer.linearization(), table, model, object.initial) : null;
      if (fault !== null) throw new Error(`the linearization of ${monitor.name} is none: ${fault}`);
    }),
    { numRuns: runs },
  );
  return counts;
}
