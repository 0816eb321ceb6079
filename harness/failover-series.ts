import { FtcheckError } from '../core/errors.ts';
import { makeRandom } from '../core/random.ts';
import type { NemesisChoice } from './nemesis-spec.ts';
import { Probe } from './probe.ts';
import { NodeEndedError, ProbeCluster, type ProbeClusterOptions } from './probe-cluster.ts';
import { playTrial, type Trial, type TrialRules } from './failover-trial.ts';

/** Faults that are tried again and again, in rounds: each of them once in every round. */
export interface SeriesOptions {
  readonly cluster: ProbeClusterOptions;
  readonly probe: { readonly clients: number; readonly rate: number; readonly retryMs: number };
  readonly faults: readonly NemesisChoice[];
  /** So many are to be measured of each. */
  readonly trials: number;
  readonly rules: TrialRules;
  readonly seed: number;
  /** `fault`: its place in `faults`; `n`: the how manieth try of it, counted from 1. */
  readonly onTrial: (fault: number, n: number, trial: Trial) => void;
  /** A cluster is started: the first, or one in the place of a group that was lost. */
  readonly onLaunch: () => void;
}

/** How a series ended. `given up`: more trials were thrown away than a quiet machine and a working system explain. */
export type SeriesEnd =
  { readonly type: 'complete' | 'interrupted' } | { readonly type: 'given up'; readonly why: string };

/** Tries beyond this are no use: something is wrong with the machine, or with the system under test. */
const triesMax = (trials: number): number => 2 * trials + 20;

interface Tally {
  readonly choice: NemesisChoice;
  measured: number;
  tries: number;
  late: number;
  /** Why the last one was thrown away. */
  thrownAway: string;
}

/** Plays trials, many on each cluster, until all are measured. Throws on trouble of the harness; what was told of until then stands. */
export async function playSeries(options: SeriesOptions): Promise<SeriesEnd> {
  const tallies = options.faults.map((choice): Tally => ({
    choice,
    measured: 0,
    tries: 0,
    late: 0,
    thrownAway: '',
  }));
  try {
    while (tallies.some(({ measured }) => measured < options.trials)) {
      const weary = tallies.find(({ tries }) => tries > triesMax(options.trials));
      if (weary !== undefined) return { type: 'given up', why: whyGivenUp(weary) };
      options.onLaunch();
      await playOnOneCluster(options, tallies);
    }
    return { type: 'complete' };
  } catch (thrown) {
    if (options.rules.signal.aborted) return { type: 'interrupted' };
    throw thrown;
  }
}

function whyGivenUp({ tries, measured, late, thrownAway }: Tally): string {
  if (2 * late > tries) {
    return `the probe ran late in ${late} of ${tries} trials: this machine has too much else to do, or --rate is too high for it`;
  }
  return `${tries} tries, of which ${measured} could be measured; the last: ${thrownAway}`;
}

/** Until all are measured, too many were tried, or the group is lost. */
async function playOnOneCluster(options: SeriesOptions, tallies: readonly Tally[]): Promise<void> {
  const { trials } = options;
  await using cluster = await ProbeCluster.launch(options.cluster);
  await using probe = new Probe(cluster, options.probe);
  for (;;) {
    const open = tallies.filter(({ measured }) => measured < trials);
    if (open.length === 0 || open.some(({ tries }) => tries > triesMax(trials))) return;
    for (const tally of open) {
      const trial = await tried(options, cluster, probe, tally);
      tally.tries += 1;
      if (trial.type === 'measured') tally.measured += 1;
      else tally.thrownAway = trial.why;
      if (trial.type === 'late') tally.late += 1;
      options.onTrial(tallies.indexOf(tally), tally.tries, trial);
      const isLost = trial.type === 'measured' ? trial.record.wholeNs === null : trial.type === 'lost';
      if (isLost) return;
    }
  }
}

async function tried(
  options: SeriesOptions,
  cluster: ProbeCluster,
  probe: Probe,
  { choice, tries }: Tally,
): Promise<Trial> {
  const seed = makeRandom(options.seed).fork(`trial/${tries}`).seed;
  try {
    return await playTrial({ cluster, probe, choice, seed, rules: options.rules });
  } catch (thrown) {
    options.rules.signal.throwIfAborted();
    // What the system under test does is a finding; it ends the trial, and not the series.
    if (thrown instanceof NodeEndedError) return { type: 'lost', why: thrown.message };
    throw thrown instanceof FtcheckError ? thrown : new FtcheckError('a trial broke', { cause: thrown });
  }
}
