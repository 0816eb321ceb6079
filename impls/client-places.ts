/** The connections of a client stub: at most one to each node that it may ask. */
import type { Slot } from '../core/ids.ts';
import type { ConnectionId, Effect } from '../core/machine.ts';

export interface Place {
  readonly slot: Slot;
  connection: ConnectionId | null;
  connected: boolean;
}

export class Places {
  /** The first of the nodes. */
  readonly first: Slot;
  private readonly places: ReadonlyMap<Slot, Place>;
  private readonly push: (effect: Effect) => void;
  private next = 1;

  constructor(targets: readonly Slot[], push: (effect: Effect) => void) {
    const [first] = targets;
    if (first === undefined) throw new Error('a client needs somebody to ask');
    this.first = first;
    this.push = push;
    this.places = new Map(targets.map((slot) => [slot, { slot, connection: null, connected: false }]));
  }

  get all(): Iterable<Place> {
    return this.places.values();
  }

  at(slot: Slot): Place | undefined {
    return this.places.get(slot);
  }

  /** The place at the other end of this connection, if it is still in use. */
  of(connection: ConnectionId): Place | undefined {
    for (const place of this.places.values()) if (place.connection === connection) return place;
    return undefined;
  }

  /** Nothing happens where there is a connection already, or one on its way. */
  dial(place: Place): void {
    if (place.connection !== null) return;
    place.connection = this.next++;
    place.connected = false;
    this.push({ type: 'dial', connection: place.connection, slot: place.slot });
  }

  /** A machine that died without a word leaves a connection that takes messages and never answers: none is trusted for long. */
  hangUp(): void {
    for (const place of this.places.values()) {
      if (place.connection !== null) this.push({ type: 'close', connection: place.connection });
      this.closed(place);
    }
  }

  closed(place: Place): void {
    place.connection = null;
    place.connected = false;
  }
}
