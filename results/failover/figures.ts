import type { MeasuredTrial } from './trial.ts';

/** What is told of each trial, by name. `client` pools the clients of all trials, which are not independent of each other. */
export const figures = {
  outage: 'first ok of an operation invoked after the effect',
  detect: 'somebody suspected, or began to change the view',
  agree: 'the next view was installed',
  recover: 'first ok in the next view',
  'full-recovery': 'every node has its role and the state again',
  stall: 'longest time without any ok until then, also of operations from before the fault',
  'rejoin-stall': 'the same, from the end of the fault on: what the return of the member costs',
  'slowest-client': 'the outage of the client that waited longest',
  client: 'the outage of each client; no intervals, since clients of one trial share its fate',
} as const;
export type Figure = keyof typeof figures;
export const figureNames = Object.keys(figures) as readonly Figure[];

/** Every value that the trials have of a figure. What did not come within the limit is longer than all others. */
export function ascendingOf(measured: readonly MeasuredTrial[], figure: Figure): readonly number[] {
  return measured.flatMap((trial) => valuesOf(trial, figure)).sort((a, b) => a - b);
}

function valuesOf(trial: MeasuredTrial, figure: Figure): readonly number[] {
  const ifSeen = (ms: number | null): readonly number[] => (ms === null ? [] : [ms]);
  switch (figure) {
    case 'outage':
      return [trial.outageMs ?? Infinity];
    case 'detect':
      return ifSeen(trial.detectMs);
    case 'agree':
      return ifSeen(trial.agreeMs);
    case 'recover':
      return ifSeen(trial.recoverMs);
    case 'full-recovery':
      return [trial.fullRecoveryMs ?? Infinity];
    case 'stall':
      return [trial.stallMs];
    case 'rejoin-stall':
      return [trial.rejoinStallMs];
    case 'slowest-client':
      return [Math.max(...trial.clientsMs.map((ms) => ms ?? Infinity))];
    case 'client':
      return trial.clientsMs.map((ms) => ms ?? Infinity);
  }
}
