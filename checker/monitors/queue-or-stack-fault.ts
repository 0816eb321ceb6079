import type { MonitorVerdict } from './monitor.ts';

export type Invalid = Extract<MonitorVerdict, { verdict: 'invalid' }>;

/** Rows in any order, each once; -1 stands for what was there at first and has no row. */
export const invalid = (rule: string, rows: readonly number[]): Invalid => ({
  verdict: 'invalid',
  rule,
  rows: [...new Set(rows)].filter((row) => row >= 0).sort((a, b) => a - b),
});
