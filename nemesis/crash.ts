import type { Nemesis } from '../core/nemesis.ts';
import { candidates, oneVictimAWindow } from './victims.ts';

/** The machine dies, not only the process: nobody sees its connections close, so that only a failure detector can notice. */
export const crash: Nemesis = {
  name: 'crash',
  class: 'crash',
  description: 'a whole machine dies: the node is killed and its peers never see the connections close',
  variants: [{ name: 'host', description: 'the machine; the default, and the only kind' }],
  takesRole: true,
  impairs: () => 1,
  schedule: (context) => oneVictimAWindow(context, 'crash:host,', ['host']),
  inject: (fault, cluster) => {
    const [slot] = candidates(cluster, fault.target, fault.options);
    if (slot === undefined) return null;
    cluster.withholdReplacement(slot);
    cluster.kill(slot, 'host');
    return {
      targets: [slot],
      impaired: [slot],
      evidence: [`exits.SIGKILL:${slot}`, `closes-swallowed:${slot}`],
      heal: () => cluster.allowReplacement(slot),
    };
  },
};
