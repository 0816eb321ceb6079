import type { Round } from './schema.ts';

/** A round with such figures, for tests. */
export const round = (
  number: number,
  values: Readonly<Record<string, number | null>>,
  changes: Partial<Round> = {},
): Round => ({
  round: number,
  runDir: `ftcheck-runs/r${number}`,
  seed: number,
  verdict: 'valid',
  reason: '8 properties of passive held under kill',
  trouble: null,
  lagMsMax: 3,
  operations: 5000,
  values: { ...values },
  outagesMs: [],
  ...changes,
});
