import { closeSync, openSync, writeSync } from 'node:fs';
import type { JsonObject } from '../core/json.ts';
import type { Nanos } from '../core/units.ts';
import { monotonicNs, nanosSince } from './clock.ts';
import { HarnessError } from './harness-errors.ts';

/**
 * The harness's hand on `trace.jsonl`. Nodes append to the same file, each line by a single write to a file opened for appending, so that
 * lines never mix. A line is in the file when `write` returns: what a killed harness had said stays said.
 */
export class TraceWriter {
  /** The zero of all times of the run. */
  readonly originNs: bigint;
  readonly path: string;
  private fd: number | null;

  constructor(path: string, originNs: bigint = monotonicNs()) {
    this.originNs = originNs;
    this.path = path;
    try {
      this.fd = openSync(path, 'a');
    } catch (cause) {
      throw new HarnessError(`cannot open the trace ${path}`, cause);
    }
  }

  now(): Nanos {
    return nanosSince(this.originNs);
  }

  /** `node`: a member id, or `harness`. After `close` nothing is written any more. */
  write(node: string, event: string, fields: JsonObject = {}): void {
    if (this.fd === null) return;
    // Begins a line of its own, whatever a node that was killed in the middle of one has left; blank lines are skipped by readers.
    const isAfterKill = event === 'node-exit';
    const text = JSON.stringify({ time: this.now(), node, event, ...fields }) + '\n';
    const line = Buffer.from(isAfterKill ? `\n${text}` : text);
    try {
      const written = writeSync(this.fd, line);
      if (written < line.length) throw new Error(`only ${written} of ${line.length} bytes were taken`);
    } catch (cause) {
      throw new HarnessError(`cannot write the trace ${this.path}`, cause);
    }
  }

  close(): void {
    if (this.fd !== null) closeSync(this.fd);
    this.fd = null;
  }
}
