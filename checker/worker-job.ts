import { z } from 'zod';
import type { Json } from '../core/json.ts';
import { formatNames } from './formats/format.ts';

/** Criteria by which a history can be judged, strongest first. */
export const criterionNames = ['linearizable', 'sequential', 'causal'] as const;
export type CriterionName = (typeof criterionNames)[number];

const limits = z.object({
  timeMs: z.number().positive().exactOptional(),
  memoryMb: z.number().positive().exactOptional(),
});

const jobSchema = z.discriminatedUnion('type', [
  /** A stored run, judged by the checkers that its plan names; limits that are left out are the plan's. */
  z.object({ type: z.literal('run'), directory: z.string(), limits }),
  /** A history file; `file`: as it is called in words. */
  z.object({
    type: z.literal('history'),
    path: z.string(),
    file: z.string(),
    model: z.string(),
    format: z.enum(['auto', ...formatNames]),
    initial: z
      .json()
      .transform((value): Json => value)
      .exactOptional(),
    failedCas: z.enum(['differs', 'drop']).exactOptional(),
    independent: z.boolean(),
    criterion: z.enum(criterionNames),
    /** Where to write an order that proves it, if there is one. */
    linearization: z.string().exactOptional(),
    limits: limits.required(),
  }),
  /** A run under way, followed until something in it is not linearizable. */
  z.object({ type: z.literal('watch'), directory: z.string(), memoryMb: z.number().positive() }),
]);

/** What the checker process is asked to do: its one argument, as JSON. */
export type WorkerJob = z.infer<typeof jobSchema>;
export type RunJob = Extract<WorkerJob, { type: 'run' }>;
export type HistoryJob = Extract<WorkerJob, { type: 'history' }>;
export type WatchJob = Extract<WorkerJob, { type: 'watch' }>;

export const parseJob = (text: string): WorkerJob => jobSchema.parse(JSON.parse(text));
