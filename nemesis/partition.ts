import { compareSlots, type Slot } from '../core/ids.ts';
import type { ActiveFault, ClusterControl, Nemesis, ScheduleContext } from '../core/nemesis.ts';
import type { PlannedFault } from '../core/fault.ts';
import type { Random } from '../core/random.ts';
import { UsageError } from '../core/errors.ts';
import { candidates, minorityOf, preferred } from './victims.ts';
import { type NodeDirection, outOfReach } from './reach.ts';

type Shape = 'majority-minority' | 'isolate-one' | 'halves' | `isolate-${string}`;
type Mode = 'hold' | 'cut';
/** Which direction is blocked, as the smaller side sees it. */
type OneWay = 'out' | 'in';

const rolePrefix = 'isolate-';
const modes: readonly string[] = ['hold', 'cut'];

/** Parts the network between nodes; clients still reach every node, so that the smaller side is really asked. */
export const partition: Nemesis = {
  name: 'partition',
  class: 'omission',
  description: 'parts the network between nodes; clients still reach each of them',
  variants: [
    { name: 'majority-minority', description: 'a minority, picked by seed, is parted from the rest' },
    { name: 'isolate-one', description: 'one node, picked by seed, is parted from all others' },
    { name: 'isolate-<role>', description: 'a node that plays this role is parted from all others' },
    { name: 'halves', description: 'two halves; an even number of nodes leaves no majority' },
    { name: 'one-way', description: 'only one direction is blocked, picked by seed; always held' },
    { name: 'hold', description: 'bytes wait and arrive after healing, as TCP does' },
    { name: 'cut', description: 'connections are reset and new ones refused' },
  ],
  takesRole: false,
  impairs: (variants, nodes) => {
    if (variants.includes('halves')) return Math.floor(nodes / 2);
    return variants.some(isIsolating) ? 1 : Math.max(1, minorityOf(nodes));
  },
  schedule: (context) => {
    if (
      context.variants.includes('cut') &&
      context.variants.some((name) => name === 'one-way' || name === 'hold')
    ) {
      throw new UsageError(
        '--nemesis partition: a cut blocks both directions, it goes with neither one-way nor hold',
      );
    }
    const shapes = context.random.shuffle(context.variants.filter(isShape)) as Shape[];
    return context.windows.map((window, i) => {
      const shape = shapes[i % shapes.length] ?? context.random.pick(shapesBySeed(context));
      const { mode, oneWay } = blockingBySeed(context, shapes.length > 0);
      return {
        name: `partition:${shape}${oneWay === null ? '' : ',one-way'},${mode}`,
        ...window,
        target: targetOf(shape),
        options: { shape, mode, oneWay, ...preferred(context.random.shuffle(context.slots)) },
      };
    });
  },
  inject: (fault, cluster) => {
    const smaller = smallerSide(fault, cluster);
    if (smaller.length === 0 || smaller.length === cluster.slots.length) return null;
    const larger = cluster.slots.filter((slot) => !smaller.includes(slot));
    return fault.options['mode'] === 'cut'
      ? cutBetween(cluster, smaller, larger)
      : holdBetween(cluster, smaller, larger, fault.options['oneWay'] as OneWay | null);
  },
};

const isIsolating = (variant: string): boolean => variant.startsWith(rolePrefix);
const isShape = (variant: string): boolean =>
  isIsolating(variant) || variant === 'majority-minority' || variant === 'halves';

/** What a seed picks from where no shape is named: nothing that leaves the group without a majority. */
function shapesBySeed({ slots, roles }: ScheduleContext): readonly Shape[] {
  const isolations = roles.map((role): Shape => `${rolePrefix}${role}`);
  const halves: readonly Shape[] = slots.length % 2 === 1 && slots.length > 3 ? ['halves'] : [];
  return ['majority-minority', 'isolate-one', ...isolations, ...halves];
}

function blockingBySeed(
  context: ScheduleContext,
  shapeIsNamed: boolean,
): { mode: Mode; oneWay: OneWay | null } {
  const { variants, random } = context;
  const named = variants.find((variant) => modes.includes(variant)) as Mode | undefined;
  const oneWayNamed = variants.includes('one-way');
  const mode = oneWayNamed ? 'hold' : (named ?? pickMode(random));
  const direction = random.pick<OneWay>(['out', 'in']);
  const oneWay = oneWayNamed || (!shapeIsNamed && mode === 'hold' && random.chance(0.25)) ? direction : null;
  return { mode, oneWay };
}

const pickMode = (random: Random): Mode => (random.chance(0.6) ? 'hold' : 'cut');

function targetOf(shape: Shape): string {
  if (shape === 'majority-minority') return 'minority';
  if (shape === 'halves') return 'half';
  return shape === 'isolate-one' ? 'any' : shape.slice(rolePrefix.length);
}

function smallerSide(fault: PlannedFault, cluster: ClusterControl): Slot[] {
  const nodes = cluster.slots.length;
  switch (fault.target) {
    case 'minority':
      return candidates(cluster, 'any', fault.options).slice(0, Math.max(1, minorityOf(nodes)));
    case 'half':
      return candidates(cluster, 'any', fault.options).slice(0, Math.floor(nodes / 2));
    default:
      return candidates(cluster, fault.target, fault.options).slice(0, 1);
  }
}

function cutBetween(cluster: ClusterControl, smaller: readonly Slot[], larger: readonly Slot[]): ActiveFault {
  const pairs = smaller.flatMap((one) =>
    larger.map((other) => [one, other].sort(compareSlots) as [Slot, Slot]),
  );
  for (const [a, b] of pairs) cluster.cut(a, b);
  return {
    targets: smaller,
    impaired: outOfReach(
      cluster.slots,
      pairs.map(([from, to]) => ({ from, to })),
    ),
    evidence: pairs.flatMap(([a, b]) => [`connections-reset:${a}-${b}`, `connections-refused:${a}-${b}`]),
    heal: () => {
      for (const [a, b] of pairs) cluster.mend(a, b);
    },
  };
}

function holdBetween(
  cluster: ClusterControl,
  smaller: readonly Slot[],
  larger: readonly Slot[],
  oneWay: OneWay | null,
): ActiveFault {
  const out = smaller.flatMap((from) => larger.map((to): NodeDirection => ({ from, to })));
  const into = out.map(({ from, to }): NodeDirection => ({ from: to, to: from }));
  const blocked = [...(oneWay === 'in' ? [] : out), ...(oneWay === 'out' ? [] : into)];
  for (const direction of blocked) cluster.hold(direction);
  return {
    targets: smaller,
    impaired: outOfReach(cluster.slots, blocked),
    evidence: blocked.map(({ from, to }) => `bytes-held:${from}>${to}`),
    heal: () => {
      for (const direction of blocked) cluster.release(direction);
    },
  };
}
