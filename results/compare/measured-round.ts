import type { VerdictFile } from '../verdict-schema.ts';
import type { MeasuredRound } from './comparison.ts';
import { outagesOf, roundValues } from './metrics.ts';

/** A run as a round of a comparison: what its verdict says, and the latencies of its operations. */
export function measuredRound(
  number: number,
  verdict: VerdictFile,
  latenciesMs: ReadonlyMap<string, readonly number[]>,
): MeasuredRound {
  const { harness, runDir, seed, latency, throughput, resources } = verdict;
  const measuredMs = throughput.measuredMs;
  return {
    round: {
      round: number,
      runDir,
      seed,
      verdict: verdict.verdict,
      reason: verdict.reason,
      trouble: harness.trouble,
      lagMsMax: harness.lagMsMax,
      operations: latency.count,
      values: roundValues(verdict),
      outagesMs: outagesOf(verdict),
    },
    latenciesMs: Float64Array.from([...latenciesMs.values()].flat()).sort(),
    nodes: Object.fromEntries(
      Object.entries(resources?.nodes ?? {}).map(([slot, { cpuMs, rssMeanBytes, rssMaxBytes }]) => [
        slot,
        { cpuShare: measuredMs === 0 ? 0 : cpuMs / measuredMs, rssMeanBytes, rssMaxBytes },
      ]),
    ),
  };
}
