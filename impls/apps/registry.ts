import type { App } from './app.ts';
import { kv } from './kv.ts';
import { log } from './log.ts';
import { queue } from './queue.ts';

/** Every application, by the name that a workload gives. */
export const apps: Readonly<Record<string, App>> = { kv, queue, log };
