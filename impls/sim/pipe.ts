import type { Frame } from '../../core/protocol.ts';
import type { Random } from '../../core/random.ts';
import type { DirectionState } from './directions.ts';
import type { Scheduler } from './scheduler.ts';
import type { Weather } from './weather.ts';

/** What travels in one direction of a connection. */
export type Parcel =
  | { readonly type: 'open' }
  | { readonly type: 'close' }
  | { readonly type: 'frame'; readonly frame: Frame; readonly bytes: number };

/** One direction of one connection: parcels arrive in the order in which they left, whatever delays or holds them. */
export interface Pipe {
  push(parcel: Parcel): void;
  /** Forgets some of what left last and has not arrived: its sender died. */
  loseSome(): void;
  /** Forgets everything under way, and everything pushed from now on. */
  end(): void;
}

interface InFlight {
  readonly parcel: Parcel;
  readonly at: number;
  isCountedAsHeld: boolean;
}

/** An empty pipe that hands its parcels to `deliver`. */
export function makePipe(options: {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly direction: DirectionState;
  readonly weather: () => Weather;
  readonly deliver: (parcel: Parcel) => void;
}): Pipe {
  const { scheduler, random, direction, deliver } = options;
  const queue: InFlight[] = [];
  let lastAt = 0;
  let isScheduled = false;
  let isWaiting = false;
  let isEnded = false;

  const travelMs = (bytes: number): number => {
    const weather = options.weather();
    let ms = weather.latencyMsMin + random.unit() * (weather.latencyMsMax - weather.latencyMsMin);
    if (weather.lateChance > 0 && random.chance(weather.lateChance)) ms += random.unit() * weather.lateMsMax;
    if (direction.delays.length > 0) {
      for (const { delayMs, jitterMs } of direction.delays) ms += delayMs + random.unit() * jitterMs;
      direction.bytesDelayed += bytes;
    }
    return ms;
  };
  const countHeld = (entry: InFlight): void => {
    if (entry.isCountedAsHeld || entry.parcel.type !== 'frame') return;
    entry.isCountedAsHeld = true;
    direction.bytesHeld += entry.parcel.bytes;
  };
  const schedule = (at: number): void => {
    isScheduled = true;
    scheduler.at(at, pump);
  };
  const wait = (): void => {
    isWaiting = true;
    queue.forEach(countHeld);
    direction.waiting.push(goOn);
  };
  const goOn = (): void => {
    isWaiting = false;
    const head = queue[0];
    if (head !== undefined) schedule(Math.max(head.at, scheduler.now + travelMs(0)));
  };
  const pump = (): void => {
    isScheduled = false;
    while (queue.length > 0) {
      const head = queue[0] as InFlight;
      if (direction.holds > 0) return wait();
      if (head.at > scheduler.now) return schedule(head.at);
      queue.shift();
      deliver(head.parcel);
    }
  };

  return {
    push: (parcel) => {
      if (isEnded) return;
      const bytes = parcel.type === 'frame' ? parcel.bytes : 0;
      const at = scheduler.now + travelMs(bytes);
      if (at > lastAt) lastAt = at;
      const entry = { parcel, at: lastAt, isCountedAsHeld: false };
      queue.push(entry);
      if (isWaiting) countHeld(entry);
      else if (!isScheduled) schedule(lastAt);
    },
    loseSome: () => {
      queue.length = random.int(0, queue.length);
    },
    end: () => {
      isEnded = true;
      queue.length = 0;
    },
  };
}

/** Lets everything go on that waits in a direction which nothing holds any more. */
export function letGo(direction: DirectionState): void {
  for (const goOn of direction.waiting.splice(0)) goOn();
}
