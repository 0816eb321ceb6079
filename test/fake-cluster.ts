import { slots, type Slot } from '../core/ids.ts';
import type { ClusterControl } from '../core/nemesis.ts';

/** A cluster in which nothing happens but what is noted down: `inForce` is what has been done and not undone. */
export interface FakeCluster extends ClusterControl {
  readonly inForce: Set<string>;
  readonly calls: string[];
  readonly roles: Map<Slot, string>;
  readonly down: Set<Slot>;
  count(counter: string, by?: number): void;
}

export function fakeCluster(
  nodes: number,
  roleOf: (slot: Slot, i: number) => string = () => 'replica',
): FakeCluster {
  const all = slots(nodes);
  const counters = new Map<string, number>();
  const inForce = new Set<string>();
  const calls: string[] = [];
  const down = new Set<Slot>();
  const roles = new Map(all.map((slot, i) => [slot, roleOf(slot, i)]));
  const count = (counter: string, by = 1): void =>
    void counters.set(counter, (counters.get(counter) ?? 0) + by);
  const begin = (what: string): void => {
    if (inForce.has(what)) throw new Error(`${what} twice`);
    inForce.add(what);
    calls.push(what);
  };
  const end = (what: string): void => {
    if (!inForce.delete(what)) throw new Error(`${what} was not in force`);
    calls.push(`not ${what}`);
  };
  return {
    inForce,
    calls,
    roles,
    down,
    count,
    slots: all,
    slotsWithRole: (role) => all.filter((slot) => ['any', 'all', roles.get(slot)].includes(role)),
    isRunning: (slot) => !down.has(slot),
    hold: ({ from, to }) => {
      begin(`hold ${from}>${to}`);
      count(`bytes-held:${from}>${to}`, 100);
    },
    release: ({ from, to }) => end(`hold ${from}>${to}`),
    cut: (a, b) => {
      begin(`cut ${a}-${b}`);
      count(`connections-reset:${a}-${b}`);
    },
    mend: (a, b) => end(`cut ${a}-${b}`),
    delay: ({ from, to }) => {
      begin(`delay ${from}>${to}`);
      count(`bytes-delayed:${from}>${to}`, 100);
    },
    undelay: ({ from, to }) => end(`delay ${from}>${to}`),
    kill: (slot, how) => {
      down.add(slot);
      calls.push(`kill ${slot} ${how}`);
      count(`exits.SIGKILL:${slot}`);
    },
    withholdReplacement: (slot) => begin(`withhold ${slot}`),
    allowReplacement: (slot) => {
      end(`withhold ${slot}`);
      down.delete(slot);
    },
    stop: (slot) => {
      begin(`stop ${slot}`);
      counters.set(`stopped:${slot}`, 1);
    },
    resume: (slot) => {
      end(`stop ${slot}`);
      counters.set(`stopped:${slot}`, 0);
    },
    counters: () => counters,
  };
}
