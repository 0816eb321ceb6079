import { assert, defined } from '../core/assert.ts';
import { compareSlots, type Slot } from '../core/ids.ts';
import type { ClientPlace, Direction } from '../core/nemesis.ts';
import type { Millis } from '../core/units.ts';
import type { FrameLog } from './frame-log.ts';
import { LinkProxy } from './link-proxy.ts';
import type { Side, Upstream } from './proxy-connection.ts';
import { ProxyDirection, type Place } from './proxy-direction.ts';

/** Where something listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What the proxies stand between. */
export interface ProxyNetworkOptions {
  readonly slots: readonly Slot[];
  /** Chance for jitter, in [0, 1). */
  readonly unit: () => number;
  /** Logs every frame; left out: they are only counted. */
  readonly frames?: FrameLog | undefined;
  /** A listener met trouble: no descriptors left, for one. */
  readonly failed: (error: unknown) => void;
}

const host = '127.0.0.1';

/** The place of the clients pinned to a node. */
export const pinnedPlace = (slot: Slot): ClientPlace => `client@${slot}`;

/** All link proxies of a cluster: one for each pair of nodes, dialled by the lower one, and one for each client place and node. */
export class ProxyNetwork implements AsyncDisposable {
  private readonly directions = new Map<string, ProxyDirection>();
  private readonly proxies = new Map<string, LinkProxy>();
  private readonly ports = new Map<Slot, number>();
  private readonly deadMachines = new Set<Slot>();
  private readonly closesSwallowed = new Map<Place, number>();
  private readonly options: ProxyNetworkOptions;

  static async open(options: ProxyNetworkOptions): Promise<ProxyNetwork> {
    const { slots } = options;
    const network = new ProxyNetwork(options);
    try {
      for (const far of slots) {
        const lower = slots.filter((slot) => compareSlots(slot, far) < 0);
        for (const near of [...lower, 'clients', pinnedPlace(far)] as const) await network.listen(near, far);
        network.closesSwallowed.set(far, 0);
      }
    } catch (thrown) {
      await network[Symbol.asyncDispose]();
      throw thrown;
    }
    return network;
  }

  private constructor(options: ProxyNetworkOptions) {
    this.options = options;
  }

  /** Where `from` reaches `to`. Port 0 for whom it does not dial: itself, and lower slots, which dial it. */
  address(from: Place, to: Slot): Address {
    return { host, port: this.proxies.get(`${from}-${to}`)?.port ?? 0 };
  }

  /** A new process is about to start in the slot. */
  slotStarts(slot: Slot): void {
    this.deadMachines.delete(slot);
    for (const [proxy, side] of this.proxiesOf(slot)) proxy.resetSwallowed(side);
  }

  slotListens(slot: Slot, port: number): void {
    this.ports.set(slot, port);
  }

  slotEnded(slot: Slot): void {
    this.ports.delete(slot);
  }

  /** The slot's machine is dead: its peers see silence, not the end of its connections. Call it before the process is killed. */
  killMachine(slot: Slot): void {
    this.deadMachines.add(slot);
    for (const [proxy, side] of this.proxiesOf(slot)) proxy.swallow(side);
  }

  hold(direction: Direction): void {
    this.direction(direction).hold();
  }

  release(direction: Direction): void {
    this.direction(direction).release();
  }

  delay(direction: Direction, delay: { readonly delayMs: Millis; readonly jitterMs: Millis }): void {
    this.direction(direction).delay(delay);
  }

  undelay(direction: Direction): void {
    this.direction(direction).undelay();
  }

  cut(a: Slot, b: Slot): void {
    this.between(a, b).cut();
  }

  mend(a: Slot, b: Slot): void {
    this.between(a, b).mend();
  }

  addCounters(counters: Map<string, number>): void {
    for (const direction of this.directions.values()) direction.addCounters(counters);
    for (const [pair, proxy] of this.proxies) {
      counters.set(`connections-reset:${pair}`, proxy.connectionsReset);
      counters.set(`connections-refused:${pair}`, proxy.connectionsRefused);
    }
    for (const [slot, count] of this.closesSwallowed) counters.set(`closes-swallowed:${slot}`, count);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.proxies.values()].map((proxy) => proxy[Symbol.asyncDispose]()));
  }

  private async listen(near: Place, far: Slot): Promise<void> {
    const { unit, failed, frames } = this.options;
    const forward = new ProxyDirection(near, far, unit, frames);
    const backward = new ProxyDirection(far, near, unit, frames);
    for (const direction of [forward, backward]) {
      this.directions.set(`${direction.from}>${direction.to}`, direction);
    }
    const proxy = await LinkProxy.listen({
      near,
      far,
      forward,
      backward,
      upstream: () => this.upstream(far),
      failed,
      swallowed: (dead) => this.closesSwallowed.set(dead, (this.closesSwallowed.get(dead) ?? 0) + 1),
    });
    this.proxies.set(`${near}-${far}`, proxy);
  }

  private upstream(slot: Slot): Upstream {
    if (this.deadMachines.has(slot)) return 'dead';
    const port = this.ports.get(slot);
    return port === undefined ? 'down' : { host, port };
  }

  private direction({ from, to }: Direction): ProxyDirection {
    return defined(this.directions.get(`${from}>${to}`), `the direction ${from}>${to}`);
  }

  private between(a: Slot, b: Slot): LinkProxy {
    assert(a !== b, 'a cut is between two slots');
    const pair = compareSlots(a, b) < 0 ? `${a}-${b}` : `${b}-${a}`;
    return defined(this.proxies.get(pair), `the link ${pair}`);
  }

  private proxiesOf(slot: Slot): readonly (readonly [LinkProxy, Side])[] {
    const proxies = [...this.proxies.values()];
    return proxies
      .filter(({ near, far }) => near === slot || far === slot)
      .map((proxy) => [proxy, proxy.far === slot ? 'far' : 'near'] as const);
  }
}
