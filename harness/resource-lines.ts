import type { Json } from '../core/json.ts';
import type { Cluster } from './cluster.ts';
import { usageOf } from './resource-usage.ts';
import type { TraceWriter } from './trace-writer.ts';

/** How often processes are asked what they used: what a node uses after the last time and before its end is missing. */
const everyMs = 250;

type Measured = Pick<Cluster, 'pids' | 'counters'>;

/** What the processes of a run used and what went over its links, as lines of the trace; ends by being disposed. */
export class ResourceLines implements Disposable {
  private readonly cluster: Measured;
  private readonly trace: TraceWriter;
  private readonly timer: NodeJS.Timeout;

  constructor(cluster: Measured, trace: TraceWriter, guard: (task: () => void) => void) {
    this.cluster = cluster;
    this.trace = trace;
    this.timer = setInterval(() => guard(() => this.writeResources()), everyMs);
  }

  /** At the begin of a phase, which is the end of the one before. */
  write(phase: string): void {
    this.writeResources();
    this.trace.write('harness', 'traffic', { phase, links: linksOf(this.cluster.counters()) });
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer);
  }

  private writeResources(): void {
    const usages: Record<string, Json> = {};
    for (const [id, pid] of this.cluster.pids()) {
      const usage = usageOf(pid);
      if (usage !== null) usages[id] = { ...usage };
    }
    if (Object.keys(usages).length > 0) this.trace.write('harness', 'resources', { processes: usages });
  }
}

/** Frames and bytes of each direction that carried any, from the counters of `ClusterControl.counters`. */
export function linksOf(counters: ReadonlyMap<string, number>): Record<string, Json> {
  const links: Record<string, Json> = {};
  for (const [name, bytes] of counters) {
    const direction = /^bytes:(.+)$/.exec(name)?.[1];
    if (direction === undefined || bytes === 0) continue;
    links[direction] = { frames: counters.get(`frames:${direction}`) ?? 0, bytes };
  }
  return links;
}
