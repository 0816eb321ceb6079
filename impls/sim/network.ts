/**
 * Connections between the processes of a simulated cluster, as TCP through a link proxy has them: each direction is a queue that keeps
 * order, whatever is held, delayed or lost in it. Dials and closes travel too, and a close waits behind what was sent before it.
 */
import { assert } from '../../core/assert.ts';
import type { Slot } from '../../core/ids.ts';
import type { ConnectionId } from '../../core/machine.ts';
import type { Frame } from '../../core/protocol.ts';
import { frameHeaderBytes } from '../../core/protocol.ts';
import type { Random } from '../../core/random.ts';
import type { Digest } from './digest.ts';
import type { DirectionState, Directions, Place } from './directions.ts';
import { makePipe, type Parcel, type Pipe } from './pipe.ts';
import type { Scheduler } from './scheduler.ts';
import type { Weather } from './weather.ts';

/** A process as the network sees it. */
export interface Host {
  readonly name: string;
  readonly place: Place;
  /** Its ends by their ids, until it has taken note of their closing. */
  readonly ends: Map<ConnectionId, End>;
  /** Something arrives at one of its ends. */
  hear(end: End, what: 'connected' | 'accepted' | 'closed'): void;
  hearFrame(end: End, frame: Frame): void;
}

/** One process's end of a connection. */
export interface End {
  readonly id: ConnectionId;
  readonly host: Host;
  /** The direction in which this end sends. */
  readonly pipe: Pipe;
  readonly direction: DirectionState;
  readonly connection: Connection;
  state: 'dialling' | 'open' | 'closed';
  /** Its process closed it, and wants to hear no more of it, not even what has already arrived. */
  isAbandoned: boolean;
}

interface Connection {
  readonly pairName: string;
  /** From the dialling end, and to it. */
  readonly forth: Pipe;
  readonly back: Pipe;
  dialler: End | null;
  acceptor: End | null;
}

/** Who listens in a slot: a process, nobody, or a dead machine that does not even refuse. */
export type Listener = Host | 'refuses' | 'silent';

export interface Network {
  readonly weather: Weather;
  setWeather(weather: Weather): void;
  dial(host: Host, id: ConnectionId, slot: Slot): void;
  /** False if the connection is gone. */
  send(host: Host, id: ConnectionId, frame: Frame): boolean;
  close(host: Host, id: ConnectionId): void;
  /**
   * The process is gone. `process`: its peers see the closes, after some of what it sent last was lost; `host`: they see nothing.
   * Returns how many connections it had.
   */
  crash(host: Host, how: 'process' | 'host'): number;
  /** Resets all connections between two places; returns how many. */
  reset(pairName: string): number;
}

/** A network without connections. */
export function makeNetwork(options: {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly directions: Directions;
  readonly digest: Digest;
  readonly weather: Weather;
  readonly listener: (slot: Slot) => Listener;
}): Network {
  const { scheduler, random, directions, digest, listener } = options;
  let weather = options.weather;
  const connections = new Set<Connection>();
  let acceptedCount = 0;

  const latency = (): number =>
    weather.latencyMsMin + random.unit() * (weather.latencyMsMax - weather.latencyMsMin);

  const pipe = (direction: DirectionState, deliver: (parcel: Parcel) => void): Pipe =>
    makePipe({ scheduler, random, direction, weather: () => weather, deliver });

  const attach = (end: End): End => {
    end.host.ends.set(end.id, end);
    return end;
  };
  const forgetIfOver = (connection: Connection): void => {
    const { dialler, acceptor } = connection;
    const isOver = (end: End | null): boolean => end === null || end.state === 'closed';
    if (isOver(dialler) && isOver(acceptor)) connections.delete(connection);
  };
  const shut = (end: End): void => {
    if (end.state === 'closed') return;
    end.state = 'closed';
    forgetIfOver(end.connection);
    end.host.hear(end, 'closed');
  };
  const comeThrough = (end: End): void => {
    if (end.state !== 'dialling') return;
    end.state = 'open';
    end.host.hear(end, 'connected');
  };
  const arrive = (end: End | null, parcel: Parcel): void => {
    if (end === null) return;
    switch (parcel.type) {
      case 'open':
        return comeThrough(end);
      case 'frame':
        comeThrough(end);
        if (end.state === 'open') end.host.hearFrame(end, parcel.frame);
        return;
      case 'close':
        return shut(end);
    }
  };

  /** A connection under way to a slot; its far end is made when the dial arrives there. */
  const connect = (place: Place, slot: Slot): Connection => {
    const forth = directions.direction({ from: place, to: slot });
    const back = directions.direction({ from: slot, to: place });
    const connection: Connection = {
      pairName: directions.pair(place, slot).name,
      forth: pipe(forth, (parcel) =>
        parcel.type === 'open' ? accept() : arrive(connection.acceptor, parcel),
      ),
      back: pipe(back, (parcel) => arrive(connection.dialler, parcel)),
      dialler: null,
      acceptor: null,
    };
    const accept = (): void => {
      const host = listener(slot);
      if (host === 'silent') return;
      if (host === 'refuses') return connection.back.push({ type: 'close' });
      connection.acceptor = attach({
        id: -++acceptedCount,
        host,
        pipe: connection.back,
        direction: back,
        connection,
        state: 'open',
        isAbandoned: false,
      });
      connections.add(connection);
      connection.back.push({ type: 'open' });
      host.hear(connection.acceptor, 'accepted');
    };
    connection.forth.push({ type: 'open' });
    return connection;
  };

  /** Somebody connects, says nothing, and goes. */
  const stray = (place: Place, slot: Slot): void => {
    const connection = connect(place, slot);
    scheduler.after(200 * random.unit(), () => connection.forth.push({ type: 'close' }));
  };

  return {
    get weather() {
      return weather;
    },
    setWeather: (next) => {
      weather = next;
    },
    dial: (host, id, slot) => {
      assert(!host.ends.has(id), 'a connection is dialled once');
      const pair = directions.pair(host.place, slot);
      const connection = connect(host.place, slot);
      const direction = directions.direction({ from: host.place, to: slot });
      const dialler = attach({
        id,
        host,
        pipe: connection.forth,
        direction,
        connection,
        state: 'dialling',
        isAbandoned: false,
      });
      connection.dialler = dialler;
      connections.add(connection);
      if (pair.cuts > 0 || random.chance(weather.dialFailureChance)) {
        if (pair.cuts > 0) pair.refused++;
        connection.forth.end();
        return scheduler.after(latency(), () => shut(dialler));
      }
      // A link proxy takes the connection at once, and only then dials on.
      if (random.chance(0.5)) scheduler.after(weather.latencyMsMin, () => comeThrough(dialler));
      if (random.chance(weather.strayChance)) stray(host.place, slot);
    },
    send: (host, id, frame) => {
      const end = host.ends.get(id);
      if (end === undefined || end.state === 'closed') return false;
      assert(end.state === 'open', 'frames are sent on connections that have come through');
      digest.text(host.name);
      digest.number(id);
      digest.number(scheduler.now);
      digest.text(frame.kind);
      const bytesBefore = digest.bytesCopied;
      const payload = digest.copy(frame.payload);
      const bytes = digest.bytesCopied - bytesBefore + frameHeaderBytes;
      const { direction } = end;
      direction.frames++;
      direction.framesByKind.set(frame.kind, (direction.framesByKind.get(frame.kind) ?? 0) + 1);
      direction.bytes += bytes;
      if (weather.dropChance > 0 && random.chance(weather.dropChance)) return true;
      end.pipe.push({ type: 'frame', frame: { kind: frame.kind, payload }, bytes });
      if (weather.duplicateChance > 0 && random.chance(weather.duplicateChance)) {
        const again = { kind: frame.kind, payload: digest.copy(payload) };
        end.pipe.push({ type: 'frame', frame: again, bytes });
      }
      return true;
    },
    close: (host, id) => {
      const end = host.ends.get(id);
      if (end === undefined) return;
      host.ends.delete(id);
      end.isAbandoned = true;
      if (end.state === 'closed') return;
      end.state = 'closed';
      end.pipe.push({ type: 'close' });
      forgetIfOver(end.connection);
    },
    crash: (host, how) => {
      const open = [...host.ends.values()].filter((end) => end.state !== 'closed');
      host.ends.clear();
      for (const end of open) {
        end.state = 'closed';
        end.pipe.loseSome();
        if (how === 'process') end.pipe.push({ type: 'close' });
        forgetIfOver(end.connection);
      }
      return open.length;
    },
    reset: (pairName) => {
      const found = [...connections].filter((connection) => connection.pairName === pairName);
      for (const connection of found) {
        connection.forth.end();
        connection.back.end();
        for (const end of [connection.dialler, connection.acceptor]) {
          if (end !== null) scheduler.after(latency(), () => shut(end));
        }
      }
      return found.length;
    },
  };
}
