import type { Millis } from '../core/units.ts';
import { millis } from '../core/units.ts';
import { monotonicMs } from './clock.ts';

const tickMs = 20;

/** Measures by how much this process's event loop runs late: a harness that starves blames its own delays on nobody. */
export class LagMeter implements Disposable {
  private readonly timer: NodeJS.Timeout;
  private last = monotonicMs();
  private sinceLastMs = 0;
  private overallMs = 0;

  constructor() {
    this.timer = setInterval(() => this.tick(), tickMs);
  }

  /** The longest lag since the last call. */
  take(): Millis {
    this.tick();
    const result = this.sinceLastMs;
    this.sinceLastMs = 0;
    return millis(Math.round(result * 10) / 10);
  }

  /** The longest lag ever. */
  get maxMs(): Millis {
    return millis(Math.round(this.overallMs * 10) / 10);
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    const now = monotonicMs();
    const lateMs = Math.max(0, now - this.last - tickMs);
    this.last = now;
    this.sinceLastMs = Math.max(this.sinceLastMs, lateMs);
    this.overallMs = Math.max(this.overallMs, lateMs);
  }
}
