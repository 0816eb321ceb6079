/** Random faults without a budget: overlapping, several at once, at single effects. Decided beforehand, so that a schedule can be cut down. */
import type { Slot } from '../../core/ids.ts';
import type { Timing } from '../../core/machine.ts';
import {
  agreementKinds,
  connectionKinds,
  type FrameKind,
  frameKinds,
  membershipKinds,
  unitKinds,
} from '../../core/protocol.ts';
import type { Random } from '../../core/random.ts';
import type { Weather } from './weather.ts';

/** One thing that goes wrong `atMs` after the phase of faults began; what lasts is undone `forMs` later. */
export type ChaosAction = { readonly atMs: number; readonly forMs: number } & ChaosFault;

export type ChaosFault =
  /** Processes die, at once or within their next step after some of its effects; whoever is asked or not fills the slots afterwards. */
  | {
      readonly kind: 'crash';
      readonly slots: readonly Slot[];
      readonly how: 'process' | 'host' | 'in-step';
      readonly keptShare: number;
      readonly isRestarted: boolean;
    }
  | {
      readonly kind: 'crash-at-send';
      readonly slot: Slot;
      readonly frame: FrameKind;
      readonly nth: number;
      readonly isBefore: boolean;
      readonly isRestarted: boolean;
    }
  | {
      readonly kind: 'partition';
      readonly side: readonly Slot[];
      readonly mode: 'cut' | 'hold' | 'hold-out' | 'hold-in';
      readonly partsClients: boolean;
    }
  | { readonly kind: 'pause'; readonly slot: Slot }
  | { readonly kind: 'slow-process'; readonly slot: Slot; readonly byMs: number }
  | { readonly kind: 'slow-link'; readonly from: Slot; readonly to: Slot; readonly delayMs: number }
  /** Held for a little longer than a first time-out, `times` over. */
  | {
      readonly kind: 'false-suspicion';
      readonly of: readonly Slot[];
      readonly heldMs: number;
      readonly times: number;
    }
  | { readonly kind: 'reset'; readonly a: Slot; readonly b: Slot };

export interface ChaosOptions {
  readonly faultsMin: number;
  readonly faultsMax: number;
  /** Until the phase of faults ends. */
  readonly weather?: Weather;
  /** These, instead of any by chance. */
  readonly actions?: readonly ChaosAction[];
}

/** Between two and fourteen faults, the network calm. */
export const defaultChaos: ChaosOptions = { faultsMin: 2, faultsMax: 14 };

/** The faults of one schedule, in order of time. */
export function planChaos(
  options: ChaosOptions,
  context: {
    readonly layer: string;
    readonly slots: readonly Slot[];
    readonly windowMs: number;
    readonly timing: Timing;
    readonly random: Random;
  },
): ChaosAction[] {
  if (options.actions !== undefined) return [...options.actions];
  const { windowMs, random } = context;
  const count = random.int(options.faultsMin, options.faultsMax);
  const actions = Array.from({ length: count }, (): ChaosAction => {
    const fault = faultByChance(context);
    return { atMs: random.unit() * windowMs, forMs: durationMs(fault, windowMs, random), ...fault };
  });
  return actions.sort((a, b) => a.atMs - b.atMs);
}

const weights: Readonly<Record<ChaosFault['kind'], number>> = {
  crash: 5,
  'crash-at-send': 4,
  partition: 4,
  pause: 3,
  'slow-process': 2,
  'slow-link': 2,
  'false-suspicion': 3,
  reset: 2,
};
const kinds = (Object.keys(weights) as ChaosFault['kind'][]).flatMap((kind) =>
  new Array<ChaosFault['kind']>(weights[kind]).fill(kind),
);

/** What the nodes of a unit send each other and their clients. */
const somersaultKinds: readonly FrameKind[] = [
  ...membershipKinds,
  ...agreementKinds,
  ...connectionKinds,
  ...unitKinds,
];
/** Of every other layer: what links, clients, views and both kinds of multicast send. A seed's schedule hangs on this list. */
const groupKinds: readonly FrameKind[] = frameKinds.slice(0, frameKinds.indexOf('relay') + 1);

const kindsOf = (layer: string): readonly FrameKind[] =>
  /^(mutants[/])?somersault/.test(layer) ? somersaultKinds : groupKinds;

function faultByChance({
  layer,
  slots,
  timing,
  random,
}: {
  readonly layer: string;
  readonly slots: readonly Slot[];
  readonly timing: Timing;
  readonly random: Random;
}): ChaosFault {
  const order = random.shuffle(slots);
  const first = random.pick(order);
  const second = order.find((slot) => slot !== first);
  const kind = random.pick(kinds);
  if (second === undefined && isBetweenNodes(kind)) return { kind: 'pause', slot: first };
  const other = second ?? first;
  switch (kind) {
    case 'crash':
      return {
        kind,
        slots: random.chance(0.2) ? [first, other] : [first],
        how: random.pick(['process', 'host', 'in-step', 'in-step']),
        keptShare: random.unit(),
        isRestarted: random.chance(0.7),
      };
    case 'crash-at-send':
      return {
        kind,
        slot: first,
        frame: random.pick(kindsOf(layer)),
        nth: random.chance(0.5) ? random.int(1, 3) : random.int(1, 30),
        isBefore: random.chance(0.5),
        isRestarted: random.chance(0.7),
      };
    case 'partition':
      return {
        kind,
        side: order.slice(0, random.int(1, Math.max(1, slots.length - 1))),
        mode: random.pick(['cut', 'hold', 'hold', 'hold-out', 'hold-in']),
        partsClients: random.chance(0.4),
      };
    case 'pause':
      return { kind, slot: first };
    case 'slow-process':
      return { kind, slot: first, byMs: random.int(2, 150) };
    case 'slow-link':
      return { kind, from: first, to: other, delayMs: random.int(5, 200) };
    case 'false-suspicion':
      return {
        kind,
        of: random.chance(0.3) ? slots : [first],
        heldMs: timing.suspectMs * (1.05 + random.unit()),
        times: random.chance(0.5) ? 1 : random.int(2, 6),
      };
    case 'reset':
      return { kind, a: first, b: other };
  }
}

const isBetweenNodes = (kind: ChaosFault['kind']): boolean =>
  kind === 'partition' || kind === 'slow-link' || kind === 'false-suspicion' || kind === 'reset';

/** Mostly short against the window, so that several fit one after another; sometimes to its end. */
function durationMs(fault: ChaosFault, windowMs: number, random: Random): number {
  switch (fault.kind) {
    case 'crash':
    case 'crash-at-send':
      return 50 + random.unit() * 600;
    case 'false-suspicion':
      return (fault.heldMs + 60) * fault.times;
    case 'partition':
    case 'pause':
    case 'slow-process':
    case 'slow-link':
      return random.chance(0.1) ? windowMs : 20 + random.unit() * 800;
    case 'reset':
      return 0;
  }
}
