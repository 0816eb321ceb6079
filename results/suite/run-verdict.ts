import { z } from 'zod';

const propertyVerdict = z.enum(['valid', 'invalid', 'unknown', 'not-owed', 'not-applicable']);

/** What a suite keeps of a run's verdict.json, in its state file and for its report. */
export const runVerdictSchema = z.object({
  verdict: z.enum(['valid', 'invalid', 'unknown']),
  reason: z.string(),
  seed: z.int(),
  impl: z.string(),
  workload: z.string(),
  nemesis: z.string(),
  properties: z.record(z.string(), z.object({ verdict: propertyVerdict, reason: z.string() })),
  harness: z.object({
    interrupted: z.string().nullable(),
    trouble: z.string().nullable(),
    checkersMs: z.record(z.string(), z.number()).nullable(),
  }),
  environment: z.object({ ftcheck: z.string(), date: z.string() }),
  durationMs: z.number(),
  wallMs: z.number().nullable(),
  runDir: z.string(),
  command: z.string(),
});

export type RunVerdict = z.infer<typeof runVerdictSchema>;
