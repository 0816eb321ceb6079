import type { App } from './app.ts';
import { kv } from './kv.ts';
import { lock } from './lock.ts';
import { log } from './log.ts';
import { nullApp } from './null.ts';
import { queue } from './queue.ts';

/** Every application, by the name that a workload gives. */
export const apps: Readonly<Record<string, App>> = { kv, queue, log, lock, null: nullApp };
