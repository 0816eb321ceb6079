import type { Nemesis } from '../core/nemesis.ts';
import { candidates, oneVictimAWindow } from './victims.ts';

/** SIGSTOP, later SIGCONT: the process forgets nothing and believes that no time has passed. */
export const pause: Nemesis = {
  name: 'pause',
  class: 'crash-pause',
  description: 'stops a node (SIGSTOP) and lets it go on later (SIGCONT)',
  variants: [],
  takesRole: true,
  impairs: () => 1,
  schedule: (context) => oneVictimAWindow(context, 'pause:'),
  inject: (fault, cluster) => {
    const [slot] = candidates(cluster, fault.target, fault.options);
    if (slot === undefined) return null;
    cluster.stop(slot);
    return {
      targets: [slot],
      impaired: [slot],
      evidence: [`stopped:${slot}`],
      heal: () => cluster.resume(slot),
    };
  },
};
