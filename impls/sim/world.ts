import type { Random } from '../../core/random.ts';
import type { Directions } from './directions.ts';
import type { Network } from './network.ts';
import type { Recorder } from './recorder.ts';
import type { Scheduler } from './scheduler.ts';

/** What everybody in a simulation shares: one time, one network, one record. */
export interface World {
  readonly scheduler: Scheduler;
  readonly directions: Directions;
  readonly network: Network;
  readonly recorder: Recorder;
  readonly random: Random;
}

/** How long a starter of processes takes, and clients between two operations. */
export interface Pace {
  /** From the decision to start a process until it takes its first step. */
  readonly bootMsMin: number;
  readonly bootMsMax: number;
  /** The nodes of a new cluster start within so long of each other. */
  readonly staggerMs: number;
  /** A client waits so long at most, and none at least, before its next operation. */
  readonly thinkMsMax: number;
  /** The same once all faults are healed: what is judged then needs few operations. */
  readonly settleThinkMsMax: number;
  /** A client repeats a request that was not answered after so long. */
  readonly retryMs: number;
}

/** Boots as fast as a bare Node process, clients that leave the network some air. */
export const defaultPace: Pace = {
  bootMsMin: 30,
  bootMsMax: 120,
  staggerMs: 60,
  thinkMsMax: 150,
  settleThinkMsMax: 500,
  retryMs: 120,
};
