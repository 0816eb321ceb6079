import type { ClusterControl, Nemesis, ScheduleContext } from '../core/nemesis.ts';
import type { Slot } from '../core/ids.ts';
import { slotNamed } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';

/** The largest number of slots that a group of `nodes` can lose and still have a majority. */
export const minorityOf = (nodes: number): number => Math.floor((nodes - 1) / 2);

/** The roles among the variants that were asked for, or `any`. */
export function rolesAmong(context: ScheduleContext, named: readonly string[]): readonly string[] {
  const roles = context.variants.filter((variant) => !named.includes(variant));
  return roles.length === 0 ? ['any'] : context.random.shuffle(roles);
}

/** One of the roles for the nth fault: each in turn. */
export const roleAt = (roles: readonly string[], n: number): string => roles[n % roles.length] ?? 'any';

/** The order in which the seed prefers its victims, kept in the plan: who of them plays the role is known at injection only. */
export const preferred = (order: readonly Slot[]): JsonObject => ({ order });

/** Faults with one victim each, in every window, aimed at each role in turn; their names are this prefix and the role. */
export function oneVictimAWindow(
  context: ScheduleContext,
  prefix: string,
  named: readonly string[] = [],
): ReturnType<Nemesis['schedule']> {
  const roles = rolesAmong(context, named);
  return context.windows.map((window, i) => {
    const target = roleAt(roles, i);
    const options = preferred(context.random.shuffle(context.slots));
    return { name: `${prefix}${target}`, ...window, target, options };
  });
}

/** The running slots of this role, in the order that the seed prefers. */
export function candidates(cluster: ClusterControl, role: string, options: JsonObject): Slot[] {
  const order = Array.isArray(options['order'])
    ? options['order'].map((name) => slotNamed(String(name)))
    : [];
  const playing = new Set(role === 'any' || role === 'all' ? cluster.slots : cluster.slotsWithRole(role));
  return [...order, ...cluster.slots]
    .filter((slot, i, all) => all.indexOf(slot) === i)
    .filter((slot) => playing.has(slot) && cluster.isRunning(slot));
}
