import { setImmediate as othersTurn } from 'node:timers/promises';
import { progressOf, violationsOf } from './invariants.ts';
import { type SimulationOptions, type SimulationResult, simulate } from './simulate.ts';
import { slots as slotsOf } from '../../core/ids.ts';

export interface SweepOptions {
  /** The first seed, and how many. */
  readonly from: number;
  readonly seeds: number;
  /** Everything that one schedule is made of; called anew for each seed, since generators have a state. */
  readonly optionsOf: (seed: number) => SimulationOptions;
  /** Judges beyond the invariants, such as the checkers; returns what is wrong. */
  readonly judge?: (result: SimulationResult, options: SimulationOptions) => readonly string[];
  /** Stops after so many failures. */
  readonly failuresMax?: number;
  readonly onSchedule?: (done: number, failures: number) => void;
  readonly signal?: AbortSignal;
}

/** A schedule that went wrong; its seed plays it again. */
export interface FailedSchedule {
  readonly seed: number;
  readonly traceHash: string;
  readonly violations: readonly string[];
}

export interface SweepResult {
  readonly schedules: number;
  readonly failures: readonly FailedSchedule[];
  /** Schedules at whose end a majority of the last view lived, so that progress was owed and judged. */
  readonly owed: number;
  readonly answered: number;
  readonly unanswered: number;
  /** Views installed, by any number of members each. */
  readonly views: number;
  readonly crashes: number;
  readonly virtualMs: number;
  readonly events: number;
}

/** Plays one schedule for each seed and judges it. Gives way between schedules, so that a signal can end it. */
export async function sweep(options: SweepOptions): Promise<SweepResult> {
  const failures: FailedSchedule[] = [];
  const sums = {
    schedules: 0,
    owed: 0,
    answered: 0,
    unanswered: 0,
    views: 0,
    crashes: 0,
    virtualMs: 0,
    events: 0,
  };
  for (let seed = options.from; seed < options.from + options.seeds; seed++) {
    if (options.signal?.aborted === true || failures.length >= (options.failuresMax ?? Infinity)) break;
    const simulation = options.optionsOf(seed);
    const result = simulate(simulation);
    const { nodes, impl } = simulation.plan;
    const violations = [
      ...violationsOf(result, nodes, impl.claims),
      ...(options.judge?.(result, simulation) ?? []),
    ];
    if (violations.length > 0) failures.push({ seed, traceHash: result.traceHash, violations });
    sums.schedules++;
    if (progressOf(result, slotsOf(nodes), impl.claims).isOwed) sums.owed++;
    sums.answered += result.history.filter((event) => event.type === 'ok').length;
    sums.unanswered += result.history.filter((event) => event.type === 'info').length;
    sums.views += new Set(
      result.trace.filter(({ event }) => event === 'view').map((event) => event['view']),
    ).size;
    sums.crashes += result.trace.filter((event) => event.event === 'node-exit').length;
    sums.virtualMs += result.virtualMs;
    sums.events += result.events;
    options.onSchedule?.(sums.schedules, failures.length);
    await othersTurn();
  }
  return { ...sums, failures };
}
