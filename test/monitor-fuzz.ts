/** Holds a monitor against brute force on random small histories: fast-check finds and shrinks what they disagree on. */
import fc from 'fast-check';
import type { Json } from '../core/json.ts';
import type { Model } from '../core/model.ts';
import { operationsIn, tableOf } from '../checker/history/operation-table.ts';
import { partsOf } from '../checker/history/parts.ts';
import type { Monitor } from '../checker/monitors/monitor.ts';
import { bruteForce, contextFor, faultOf } from './oracle.ts';
import { historyOf, stepOf, type SimulatedObject } from './random-history.ts';

/** How many histories; a million with FTCHECK_FUZZ_RUNS=1000000. */
export const fuzzRuns = (normally: number): number => Number(process.env['FTCHECK_FUZZ_RUNS'] ?? normally);

/** How often each answer was given. */
export interface FuzzCounts {
  readonly valid: number;
  readonly invalid: number;
  readonly undecided: number;
}

/**
 * Throws on the smallest history on which the monitor is wrong, or on which its linearization is none. `values`: how many different ones are
 * asked for, where they are not unique; `operations` at most: brute force takes its time.
 */
export function fuzzMonitor(options: {
  readonly monitor: Monitor;
  readonly model: Model<unknown>;
  readonly object: SimulatedObject;
  readonly runs: number;
  readonly initial?: Json;
  readonly values?: number;
  readonly processes?: number;
  readonly operations?: number;
  readonly unknown?: number;
}): FuzzCounts {
  const { monitor, model, object, runs, initial } = options;
  const { values = 4, processes = 4, operations = 7, unknown = 3 } = options;
  const counts = { valid: 0, invalid: 0, undecided: 0 };
  const steps = fc.array(stepOf(values, processes), {
    minLength: 6,
    maxLength: 3 * operations + 2,
    size: 'max',
  });
  fc.assert(
    fc.property(steps, (given) => {
      const table = tableOf(historyOf(given, object, { operations, unknown }));
      for (const part of partsOf(table, model)) {
        const answer = monitor.judge(part.table, contextFor(model, initial));
        counts[answer.verdict] += 1;
        if (answer.verdict === 'undecided') continue;
        const isRight = bruteForce(operationsIn(part.table), model, initial) === (answer.verdict === 'valid');
        const fault =
          answer.verdict === 'valid' ? faultOf(answer.linearization(), part.table, model, initial) : null;
        if (isRight && fault === null) continue;
        const why = isRight ? `its linearization: ${fault ?? ''}` : `it says ${answer.verdict}`;
        throw new Error(
          `${monitor.name} is wrong, ${why}\n${JSON.stringify(operationsIn(part.table), null, 1)}`,
        );
      }
    }),
    { numRuns: runs },
  );
  return counts;
}
