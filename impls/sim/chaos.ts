import type { Slot } from '../../core/ids.ts';
import type { Direction } from '../../core/nemesis.ts';
import { millis } from '../../core/units.ts';
import type { ChaosAction } from './chaos-plan.ts';
import type { SimCluster } from './cluster.ts';
import type { World } from './world.ts';

/** Faults without a budget, in force or to come. */
export interface Chaos {
  /** The phase of faults begins now. */
  start(): void;
  /** Undoes what is in force and does no more. */
  healAll(): void;
}

type Undo = () => void;

/** Plays these actions against a cluster. They are told of in the trace as `chaos`, and are no faults of the plan. */
export function makeChaos(options: {
  readonly world: World;
  readonly cluster: SimCluster;
  readonly actions: readonly ChaosAction[];
}): Chaos {
  const { world, cluster, actions } = options;
  const { scheduler, recorder } = world;
  const inForce = new Set<Undo>();
  let isOver = false;

  const play = (action: ChaosAction): void => {
    if (isOver) return;
    recorder.traced('harness', 'chaos', { ...action });
    const undo = inject(action, cluster, world);
    const undoOnce = (): void => {
      if (inForce.delete(undoOnce)) undo();
    };
    inForce.add(undoOnce);
    scheduler.after(action.forMs, undoOnce);
  };
  return {
    start: () => {
      for (const action of actions) scheduler.after(action.atMs, () => play(action));
    },
    healAll: () => {
      isOver = true;
      for (const undo of [...inForce]) undo();
    },
  };
}

function inject(action: ChaosAction, cluster: SimCluster, world: World): Undo {
  switch (action.kind) {
    case 'crash':
      for (const slot of action.slots) {
        if (action.how !== 'in-step') cluster.kill(slot, action.how);
        else cluster.arm(slot, { type: 'step', skip: 0, keptShare: action.keptShare });
      }
      return afterwards(cluster, action.slots, action.isRestarted);
    case 'crash-at-send': {
      const { slot, frame, nth, isBefore } = action;
      cluster.arm(slot, { type: 'send', kind: frame, nth, isBefore });
      return afterwards(cluster, [slot], action.isRestarted);
    }
    case 'partition':
      return part(cluster, action.side, action);
    case 'pause':
      cluster.stop(action.slot);
      return () => cluster.resume(action.slot);
    case 'slow-process':
      cluster.slow(action.slot, action.byMs);
      return () => cluster.slow(action.slot, 0);
    case 'slow-link': {
      const { from, to, delayMs } = action;
      cluster.delay({ from, to }, { delayMs: millis(delayMs), jitterMs: millis(delayMs / 2) });
      return () => cluster.undelay({ from, to });
    }
    case 'false-suspicion':
      return flap(cluster, action, world);
    case 'reset':
      cluster.cut(action.a, action.b);
      cluster.mend(action.a, action.b);
      return () => {};
  }
}

const afterwards =
  (cluster: SimCluster, slots: readonly Slot[], isRestarted: boolean): Undo =>
  () => {
    for (const slot of slots) {
      cluster.disarm(slot);
      if (isRestarted) cluster.restart(slot);
    }
  };

function part(
  cluster: SimCluster,
  side: readonly Slot[],
  { mode, partsClients }: { mode: 'cut' | 'hold' | 'hold-out' | 'hold-in'; partsClients: boolean },
): Undo {
  const rest = cluster.slots.filter((slot) => !side.includes(slot));
  const out = side.flatMap((from) => rest.map((to) => ({ from, to })));
  const directions: Direction[] = [];
  if (mode === 'hold' || mode === 'hold-out') directions.push(...out);
  if (mode === 'hold' || mode === 'hold-in')
    directions.push(...out.map(({ from, to }) => ({ from: to, to: from })));
  if (partsClients) {
    directions.push(
      ...side.flatMap((slot): Direction[] => [
        { from: 'clients', to: slot },
        { from: slot, to: 'clients' },
      ]),
    );
  }
  if (mode === 'cut') for (const { from, to } of out) cluster.cut(from, to);
  for (const direction of directions) cluster.hold(direction);
  return () => {
    if (mode === 'cut') for (const { from, to } of out) cluster.mend(from, to);
    for (const direction of directions) cluster.release(direction);
  };
}

/** Everything that these nodes send to others is held and let go in turn. */
function flap(
  cluster: SimCluster,
  { of, heldMs, forMs, times }: { of: readonly Slot[]; heldMs: number; forMs: number; times: number },
  { scheduler }: World,
): Undo {
  const directions = of.flatMap((from) =>
    cluster.slots.filter((to) => to !== from).map((to): Direction => ({ from, to })),
  );
  let isHeld = false;
  let isOver = false;
  const turn = (toHeld: boolean): void => {
    if (isHeld === toHeld) return;
    isHeld = toHeld;
    for (const direction of directions) {
      if (toHeld) cluster.hold(direction);
      else cluster.release(direction);
    }
  };
  for (let i = 0; i < times; i++) {
    const beginsMs = (forMs / times) * i;
    scheduler.after(beginsMs, () => isOver || turn(true));
    scheduler.after(beginsMs + heldMs, () => turn(false));
  }
  return () => {
    isOver = true;
    turn(false);
  };
}
