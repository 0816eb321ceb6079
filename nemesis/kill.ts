import { UsageError } from '../core/errors.ts';
import type { Slot } from '../core/ids.ts';
import type { ActiveFault, ClusterControl, Nemesis, ScheduleContext } from '../core/nemesis.ts';
import { candidates, minorityOf, preferred, roleAt, rolesAmong } from './victims.ts';

const variants = [
  { name: 'majority', description: 'kills a majority at once; the group is then lost for good' },
  { name: 'never', description: 'no replacement ever comes' },
  {
    name: 'in-turn',
    description: 'a member of each role in turn, the next as soon as the group is at full strength again',
  },
] as const;
const named: readonly string[] = variants.map(({ name }) => name);
const inTurnName = 'in-turn';

/** SIGKILL; the operating system closes the connections at once, and a new process may take the slot when the fault ends. */
export const kill: Nemesis = {
  name: 'kill',
  class: 'crash',
  description: 'SIGKILL to a node; its replacement is withheld until the fault ends',
  variants,
  takesRole: true,
  impairs: (chosen, nodes) => (chosen.includes('majority') ? majorityOf(nodes) : 1),
  standsAlone: (chosen) => chosen.includes(inTurnName),
  schedule: (context) => {
    if (context.variants.includes(inTurnName)) return scheduleInTurn(context);
    const roles = rolesAmong(context, named);
    const isMajority = context.variants.includes('majority');
    const isNever = context.variants.includes('never');
    return context.windows.slice(0, faultsMax(context)).map((window, i) => {
      const target = isMajority ? 'majority' : roleAt(roles, i);
      return {
        name: `kill:${target}${isNever ? ',never' : ''}`,
        ...window,
        target,
        options: {
          isNever,
          ...preferred(context.random.shuffle(context.slots)),
        },
      };
    });
  },
  inject: (fault, cluster) => {
    const isMajority = fault.target === 'majority';
    const targets = isMajority
      ? candidates(cluster, 'any', fault.options).slice(0, majorityOf(cluster.slots.length))
      : candidates(cluster, fault.target, fault.options).slice(0, 1);
    return targets.length === 0 ? null : killAll(cluster, targets, fault.options['isNever'] === true);
  },
};

/** Each may begin when the phase does; what they wait for is each other and the group. */
function scheduleInTurn(context: ScheduleContext): ReturnType<Nemesis['schedule']> {
  if (context.variants.some((name) => name === 'majority' || name === 'never')) {
    throw new UsageError(
      '--nemesis kill: in-turn waits for the group to be whole again, it goes with neither majority nor never',
    );
  }
  const given = context.variants.filter((name) => name !== inTurnName);
  const roles = given.length === 0 ? context.roles : given;
  const [first] = context.windows;
  return context.windows.map(({ atMs, forMs }, i) => {
    const target = roleAt(roles, i);
    return {
      name: `kill:${target}`,
      atMs: first?.atMs ?? atMs,
      forMs,
      inTurn: true,
      target,
      options: preferred(context.random.shuffle(context.slots)),
    };
  });
}

const majorityOf = (nodes: number): number => Math.floor(nodes / 2) + 1;

/** Without replacement only a minority may die, one after another; a majority can die once. */
function faultsMax({ variants: chosen, slots }: ScheduleContext): number {
  if (chosen.includes('majority')) return 1;
  return chosen.includes('never') ? Math.max(1, minorityOf(slots.length)) : Infinity;
}

function killAll(cluster: ClusterControl, targets: readonly Slot[], isNever: boolean): ActiveFault {
  for (const slot of targets) {
    cluster.withholdReplacement(slot);
    cluster.kill(slot, 'process');
  }
  return {
    targets,
    impaired: targets,
    evidence: targets.map((slot) => `exits.SIGKILL:${slot}`),
    heal: () => {
      if (!isNever) for (const slot of targets) cluster.allowReplacement(slot);
    },
  };
}
