import type { Nemesis } from '../core/nemesis.ts';
import { candidates, preferred, roleAt, rolesAmong } from './victims.ts';

/** SIGSTOP, later SIGCONT: the process forgets nothing and believes that no time has passed. */
export const pause: Nemesis = {
  name: 'pause',
  class: 'crash-pause',
  description: 'stops a node (SIGSTOP) and lets it go on later (SIGCONT)',
  variants: [],
  takesRole: true,
  impairs: () => 1,
  schedule: (context) => {
    const roles = rolesAmong(context, []);
    return context.windows.map((window, i) => {
      const target = roleAt(roles, i);
      return {
        name: `pause:${target}`,
        ...window,
        target,
        options: preferred(context.random.shuffle(context.slots)),
      };
    });
  },
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
