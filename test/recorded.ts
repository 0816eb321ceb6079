import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HistoryEvent } from '../core/history.ts';
import type { TraceEvent } from '../core/trace.ts';

/** A run directory for a test, gone afterwards. */
export interface TestDir extends Disposable {
  readonly path: string;
  history(): HistoryEvent[];
  trace(): TraceEvent[];
}

export function testDir(): TestDir {
  const path = mkdtempSync(join(tmpdir(), 'ftcheck-test-'));
  const lines = (name: string): unknown[] =>
    readFileSync(join(path, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as unknown);
  return {
    path,
    history: () => lines('history.jsonl') as HistoryEvent[],
    trace: () => lines('trace.jsonl') as TraceEvent[],
    [Symbol.dispose]: () => rmSync(path, { recursive: true }),
  };
}
