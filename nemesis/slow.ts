import type { Slot } from '../core/ids.ts';
import type { ClientPlace, ClusterControl, Direction, Nemesis } from '../core/nemesis.ts';
import { millis } from '../core/units.ts';
import { candidates, preferred, roleAt, rolesAmong } from './victims.ts';

/** From hardly felt to beyond the failure detector's first time-out; with all nodes slow an operation pays several times. */
const delaysMs = { one: [10, 40, 120], all: [5, 15, 30] } as const;

/** Delay and jitter on every link of a node, its clients' included, in both directions. */
export const slow: Nemesis = {
  name: 'slow',
  class: 'timing',
  description: 'delay and jitter on all links of a node, clients included',
  variants: [{ name: 'all', description: 'all nodes at once' }],
  takesRole: true,
  impairs: (variants, nodes) => (variants.includes('all') ? nodes : 1),
  schedule: (context) => {
    const isAll = context.variants.includes('all');
    const roles = rolesAmong(context, ['all']);
    return context.windows.map((window, i) => {
      const target = isAll ? 'all' : roleAt(roles, i);
      const delayMs = context.random.pick(isAll ? delaysMs.all : delaysMs.one);
      return {
        name: `slow:${target}`,
        ...window,
        target,
        options: {
          delayMs,
          jitterMs: Math.round(delayMs / 2),
          ...preferred(context.random.shuffle(context.slots)),
        },
      };
    });
  },
  inject: (fault, cluster) => {
    const running = candidates(cluster, fault.target, fault.options);
    const targets = fault.target === 'all' ? running : running.slice(0, 1);
    if (targets.length === 0) return null;
    const delay = {
      delayMs: millis(Number(fault.options['delayMs'])),
      jitterMs: millis(Number(fault.options['jitterMs'])),
    };
    const directions = directionsOf(cluster, targets);
    for (const direction of directions) cluster.delay(direction, delay);
    return {
      targets,
      impaired: targets,
      evidence: directions.map(({ from, to }) => `bytes-delayed:${from}>${to}`),
      heal: () => {
        for (const direction of directions) cluster.undelay(direction);
      },
    };
  },
};

/** Both directions of every link that a target has, each once. */
function directionsOf(cluster: ClusterControl, targets: readonly Slot[]): Direction[] {
  const directions = new Map<string, Direction>();
  for (const target of targets) {
    const pinned: ClientPlace = `client@${target}`;
    for (const other of [...cluster.slots, 'clients' as const, pinned]) {
      if (other === target) continue;
      directions.set(`${target}>${other}`, { from: target, to: other });
      directions.set(`${other}>${target}`, { from: other, to: target });
    }
  }
  return [...directions.values()];
}
