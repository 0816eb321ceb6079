import type { Now } from '../core/machine.ts';
import type { LayerPort } from './layer.ts';

const timerName = 'service';
/** Timers of a process go by whole milliseconds: what one execution ends late by, up to this, the next one begins earlier. */
export const lateMsMax = 2;

/**
 * Executes one job after another, each for the processing time of an execution: a server with a queue. What a job does happens at the end
 * of its time. Without a processing time every job runs at once.
 */
export class Executor {
  private readonly port: Pick<LayerPort, 'now' | 'setTimer'>;
  private readonly serviceMs: number;
  /** The first one is being executed. */
  private waiting: { readonly job: () => void; readonly since: Now }[] = [];
  /** Their time is over, and what they do happens now. */
  private due: (() => void)[] = [];
  /** When the execution under way ends, or the last one ended. */
  private endsAt: Now = -Infinity;

  constructor(port: Pick<LayerPort, 'now' | 'setTimer'>, serviceMs: number) {
    this.port = port;
    this.serviceMs = serviceMs;
  }

  run(job: () => void): void {
    if (this.serviceMs === 0) return job();
    const now = this.port.now();
    this.waiting.push({ job, since: now });
    if (this.waiting.length > 1) return;
    this.begin(now);
    this.setTimer(now);
  }

  /** For every timer of the layer; those of others are none of its business. */
  timer(name: string): void {
    if (name !== timerName) return;
    const now = this.port.now();
    while (this.waiting.length > 0 && this.endsAt <= now) {
      for (const { job } of this.waiting.splice(0, 1)) this.due.push(job);
      this.begin(now);
    }
    this.setTimer(now);
    this.runDue();
  }

  /** Forgets all jobs; the execution under way is abandoned. */
  drop(): void {
    this.waiting = [];
    this.due = [];
    this.endsAt = -Infinity;
  }

  /** Runs all jobs now, whatever is left of their time. */
  finish(): void {
    for (const { job } of this.waiting) this.due.push(job);
    this.waiting = [];
    this.endsAt = -Infinity;
    this.runDue();
  }

  private begin(now: Now): void {
    const [first] = this.waiting;
    if (first === undefined) return;
    this.endsAt = Math.max(first.since, this.endsAt, now - lateMsMax) + this.serviceMs;
  }

  private setTimer(now: Now): void {
    if (this.waiting.length > 0) this.port.setTimer(timerName, this.endsAt - now);
  }

  private runDue(): void {
    for (let job = this.due.shift(); job !== undefined; job = this.due.shift()) job();
  }
}
