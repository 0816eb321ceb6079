import { z } from 'zod';

/** The format of a stored comparison (`--json`, `--save`). Additions keep the format's name, changes do not. */
const count = z.int().min(0);
const numberOrNull = z.number().nullable();

const round = z
  .strictObject({
    round: z.int().min(1).describe('runs of one number were made in turn, one after the other'),
    runDir: z.string(),
    seed: z.int(),
    verdict: z.enum(['valid', 'invalid', 'unknown']),
    reason: z.string(),
    trouble: z.string().nullable().describe('what broke in ftcheck or around it; then nothing was measured'),
    lagMsMax: numberOrNull.describe("how late ftcheck's own event loop ran at most"),
    operations: count.describe('ok operations whose latency was measured'),
    values: z
      .record(z.string(), numberOrNull)
      .describe('by metric; null: not measured, or from too few values'),
    outagesMs: z.array(numberOrNull).describe('of each fault; null: it never ended'),
  })
  .describe('one run');

const figure = z.strictObject({
  estimate: numberOrNull.describe('null with `endless`: an outage never ended'),
  low: numberOrNull,
  high: numberOrNull,
  endless: z.boolean().describe('the estimate is an outage that never ended'),
  from: count.describe('rounds, or outages, that it was made from'),
  why: z.string().nullable().describe('why there is no estimate, or no interval'),
});

const node = z.strictObject({
  cpuShare: z.number().describe('processor time under load, of one core'),
  rssMeanBytes: z.number(),
  rssMaxBytes: z.number(),
});

const column = z
  .strictObject({
    label: z.string(),
    impl: z.string(),
    options: z.record(z.string(), z.unknown()).describe('of the impl, and what else sets this one apart'),
    source: z.string().nullable().describe('the folder or file that it was read from'),
    rounds: z.array(round),
    figures: z.record(z.string(), figure).describe('by metric, with an interval of 95 % over rounds'),
    latencyMs: z
      .array(z.tuple([z.number(), z.number()]))
      .describe('share of operations and the latency that it did not exceed, mean over rounds'),
    nodes: z.record(z.string(), node).describe('by slot, mean over rounds'),
  })
  .describe('one system');

const difference = z.strictObject({
  metric: z.string(),
  a: z.string(),
  b: z.string(),
  ratio: numberOrNull.describe('of b to a; null: not measured, or without end'),
  low: numberOrNull.describe('of the interval at the corrected confidence; null: none, or without end'),
  high: numberOrNull,
  rounds: count,
  differs: z.boolean().describe('the interval excludes no difference'),
  better: z.string().nullable().describe('a label, said only where they differ'),
  why: z.string().nullable().describe('why there is no interval'),
});

const threshold = z.strictObject({
  threshold: z.string(),
  label: z.string(),
  against: z.string().nullable().describe('what it is relative to'),
  verdict: z.enum(['held', 'violated', 'undecided']),
  actual: numberOrNull.describe(
    'a share for a relative one, +0.1 for 10 % more; else in the unit of the metric',
  ),
  low: numberOrNull,
  high: numberOrNull,
  reason: z.string(),
});

export const comparisonSchema = z
  .strictObject({
    format: z.literal('ftcheck-comparison-1'),
    kind: z
      .enum(['paired', 'unpaired', 'single-runs'])
      .describe('rounds made in turn; rounds that have nothing to do with each other; one run each'),
    date: z.string(),
    ftcheck: z.string(),
    environment: z.strictObject({ node: z.string(), platform: z.string(), cpus: count }),
    seed: z.int(),
    setting: z.strictObject({
      workload: z.string(),
      nemesis: z.string(),
      clients: count,
      rate: numberOrNull,
      durationMs: z.number(),
    }),
    interrupted: z.string().nullable(),
    confidence: z.number().describe('of all comparisons together'),
    comparisons: count.describe('of metrics and pairs: each is made with (1 - confidence) / comparisons'),
    columns: z.array(column),
    differences: z.array(difference),
    best: z.record(z.string(), z.string()).describe('by metric: who is better than every other'),
    thresholds: z.array(threshold),
    notes: z.array(z.string()),
    command: z.string(),
  })
  .describe('a comparison by ftcheck compare');

/** What `docs/schema/comparison.schema.json` holds. */
export const comparisonJsonSchema = (): unknown => z.toJSONSchema(comparisonSchema, { io: 'output' });

export type Comparison = z.infer<typeof comparisonSchema>;
export type Column = Comparison['columns'][number];
export type Round = Column['rounds'][number];
export type Figure = Column['figures'][string];
export type Difference = Comparison['differences'][number];
export type ThresholdResult = Comparison['thresholds'][number];
