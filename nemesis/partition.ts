import { compareSlots, type Slot } from '../core/ids.ts';
import type { ActiveFault, ClusterControl, Nemesis, ScheduleContext } from '../core/nemesis.ts';
import type { PlannedFault } from '../core/fault.ts';
import type { Random } from '../core/random.ts';
import { UsageError } from '../core/errors.ts';
import { candidates, minorityOf, preferred } from './victims.ts';
import { type NodeDirection, outOfReach } from './reach.ts';

type Shape =
  'majority-minority' | 'isolate-one' | 'halves' | `isolate-${string}` | 'bridge' | `bridge-${string}`;
type Mode = 'hold' | 'cut';
/** Which direction is blocked, as the smaller side sees it. */
type OneWay = 'out' | 'in';

const isolatePrefix = 'isolate-';
const bridgePrefix = 'bridge-';
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
    {
      name: 'bridge',
      description:
        'two sides, and one node, picked by seed, that alone reaches both; the larger side and the bridge are a majority that hears itself, so the smaller side counts as cut off',
    },
    { name: 'bridge-<role>', description: 'a bridge that plays this role' },
    { name: 'one-way', description: 'only one direction is blocked, picked by seed; always held' },
    { name: 'hold', description: 'bytes wait and arrive after healing, as TCP does' },
    { name: 'cut', description: 'connections are reset and new ones refused' },
  ],
  takesRole: false,
  impairs: (variants, nodes) => {
    const shapes = variants.filter(isShape);
    return Math.max(
      ...(shapes.length === 0 ? ['majority-minority'] : shapes).map((shape) => impairedBy(shape, nodes)),
    );
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
    const sides = isBridge(fault.options['shape'] as Shape)
      ? bridged(fault, cluster)
      : parted(fault, cluster);
    if (sides.smaller.length === 0 || sides.larger.length === 0) return null;
    return fault.options['mode'] === 'cut'
      ? cutBetween(cluster, sides)
      : holdBetween(cluster, sides, fault.options['oneWay'] as OneWay | null);
  },
};

/** Who reaches whom no more, and whom the fault was aimed at. */
interface Sides {
  readonly smaller: readonly Slot[];
  readonly larger: readonly Slot[];
  readonly targets: readonly Slot[];
}

const isIsolating = (variant: string): boolean => variant.startsWith(isolatePrefix);
const isBridge = (variant: string): boolean => variant === 'bridge' || variant.startsWith(bridgePrefix);
const isShape = (variant: string): boolean =>
  isIsolating(variant) || isBridge(variant) || variant === 'majority-minority' || variant === 'halves';

function impairedBy(shape: string, nodes: number): number {
  if (shape === 'halves') return Math.floor(nodes / 2);
  return isIsolating(shape) ? 1 : Math.max(1, minorityOf(nodes));
}

/** What a seed picks from where no shape is named: nothing that leaves the group without a majority. */
function shapesBySeed({ slots, roles }: ScheduleContext): readonly Shape[] {
  const isolations = roles.map((role): Shape => `${isolatePrefix}${role}`);
  const halves: readonly Shape[] = slots.length % 2 === 1 && slots.length > 3 ? ['halves'] : [];
  const bridge: readonly Shape[] = slots.length > 2 ? ['bridge'] : [];
  return ['majority-minority', ...bridge, 'isolate-one', ...isolations, ...halves];
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
  if (shape === 'isolate-one' || shape === 'bridge') return 'any';
  return shape.slice((isBridge(shape) ? bridgePrefix : isolatePrefix).length);
}

function parted(fault: PlannedFault, cluster: ClusterControl): Sides {
  const smaller = smallerSide(fault, cluster);
  return { smaller, larger: cluster.slots.filter((slot) => !smaller.includes(slot)), targets: smaller };
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

/**
 * Two sides as equal as can be beside the bridge. The larger one and the bridge are a majority of which every two reach each other, so
 * that the smaller side only counts as out of reach, whichever side the group goes on with. With fewer than three running: no sides.
 */
function bridged(fault: PlannedFault, cluster: ClusterControl): Sides {
  const targets = candidates(cluster, fault.target, fault.options).slice(0, 1);
  const running = candidates(cluster, 'any', fault.options).filter((slot) => !targets.includes(slot));
  if (targets.length === 0 || running.length < 2) return { smaller: [], larger: [], targets };
  const down = cluster.slots.filter((slot) => !cluster.isRunning(slot));
  const others = [...running, ...down];
  return {
    smaller: others.filter((_, i) => i % 2 === 1),
    larger: others.filter((_, i) => i % 2 === 0),
    targets,
  };
}

function cutBetween(cluster: ClusterControl, { smaller, larger, targets }: Sides): ActiveFault {
  const pairs = smaller.flatMap((one) =>
    larger.map((other) => [one, other].sort(compareSlots) as [Slot, Slot]),
  );
  for (const [a, b] of pairs) cluster.cut(a, b);
  return {
    targets,
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
  { smaller, larger, targets }: Sides,
  oneWay: OneWay | null,
): ActiveFault {
  const out = smaller.flatMap((from) => larger.map((to): NodeDirection => ({ from, to })));
  const into = out.map(({ from, to }): NodeDirection => ({ from: to, to: from }));
  const blocked = [...(oneWay === 'in' ? [] : out), ...(oneWay === 'out' ? [] : into)];
  for (const direction of blocked) cluster.hold(direction);
  return {
    targets,
    impaired: outOfReach(cluster.slots, blocked),
    evidence: blocked.map(({ from, to }) => `bytes-held:${from}>${to}`),
    heal: () => {
      for (const direction of blocked) cluster.release(direction);
    },
  };
}
