import { z } from 'zod';

/** What the load process is asked to do: so many connections to a port, on each so many frames under way at a time. */
export const loadOrder = z.object({
  port: z.number(),
  /** Through a link proxy inside the load process, as in a run, where the harness holds both clients and proxies. */
  isProxiedInside: z.boolean(),
  connections: z.number(),
  inFlight: z.number(),
  warmUpMs: z.number(),
  measureMs: z.number(),
});
export type LoadOrder = z.infer<typeof loadOrder>;

/** What it measured. A frame counts when it has come back whole. */
export const loadResult = z.object({
  framesPerSecond: z.number(),
  /** Of one frame, there and back; only where one frame is under way at a time. */
  p50Us: z.number().nullable(),
  p99Us: z.number().nullable(),
});
export type LoadResult = z.infer<typeof loadResult>;

/** What a process that listens says first. */
export const listening = z.object({ port: z.number() });
