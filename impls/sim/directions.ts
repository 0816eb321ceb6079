/** The state of every direction between two places: what holds it, what delays it, what passed it. */
import { defined } from '../../core/assert.ts';
import type { Slot } from '../../core/ids.ts';
import type { ClientPlace, Direction } from '../../core/nemesis.ts';
import type { FrameKind } from '../../core/protocol.ts';

export type Place = Slot | ClientPlace;

/** One direction. Holds and delays nest, so that faults may overlap. */
export interface DirectionState {
  readonly name: string;
  holds: number;
  readonly delays: { readonly delayMs: number; readonly jitterMs: number }[];
  /** What to start again when nothing holds the direction any more. */
  readonly waiting: (() => void)[];
  frames: number;
  readonly framesByKind: Map<FrameKind, number>;
  bytes: number;
  bytesHeld: number;
  bytesDelayed: number;
}

/** Two places between which connections may be cut. */
export interface PairState {
  readonly name: string;
  cuts: number;
  resets: number;
  refused: number;
}

/** All directions and pairs between the places of a cluster. */
export interface Directions {
  readonly places: readonly Place[];
  direction(where: Direction): DirectionState;
  pair(a: Place, b: Place): PairState;
  /** The counters of ClusterControl that directions and pairs have. */
  count(into: Map<string, number>): void;
}

/** Directions between slots and client places, made when first asked for. */
export function makeDirections(slots: readonly Slot[]): Directions {
  const places: Place[] = [...slots, 'clients', ...slots.map((slot): ClientPlace => `client@${slot}`)];
  const directions = new Map<string, DirectionState>();
  const pairs = new Map<string, PairState>();

  const known = (place: Place): void => {
    defined(places.includes(place) ? place : null, `a place named ${place}`);
  };
  return {
    places,
    direction: ({ from, to }) => {
      const name = `${from}>${to}`;
      let state = directions.get(name);
      if (state === undefined) {
        known(from);
        known(to);
        state = {
          name,
          holds: 0,
          delays: [],
          waiting: [],
          frames: 0,
          framesByKind: new Map(),
          bytes: 0,
          bytesHeld: 0,
          bytesDelayed: 0,
        };
        directions.set(name, state);
      }
      return state;
    },
    pair: (a, b) => {
      const [first, second] = places.indexOf(a) <= places.indexOf(b) ? [a, b] : [b, a];
      const name = `${first}-${second}`;
      let state = pairs.get(name);
      if (state === undefined) {
        known(a);
        known(b);
        state = { name, cuts: 0, resets: 0, refused: 0 };
        pairs.set(name, state);
      }
      return state;
    },
    count: (into) => {
      for (const state of directions.values()) {
        into.set(`frames:${state.name}`, state.frames);
        for (const [kind, count] of state.framesByKind) into.set(`frames:${state.name}:${kind}`, count);
        into.set(`bytes:${state.name}`, state.bytes);
        into.set(`bytes-held:${state.name}`, state.bytesHeld);
        into.set(`bytes-delayed:${state.name}`, state.bytesDelayed);
      }
      for (const state of pairs.values()) {
        into.set(`connections-reset:${state.name}`, state.resets);
        into.set(`connections-refused:${state.name}`, state.refused);
      }
    },
  };
}
