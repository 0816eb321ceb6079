import type { Model } from '../../core/model.ts';
import { counter } from '../models/counter.ts';
import { kvAppend } from '../models/kv-append.ts';
import { lock } from '../models/lock.ts';
import { log } from '../models/log.ts';
import { queue } from '../models/queue.ts';
import { casRegister, kv, register } from '../models/register.ts';
import { set } from '../models/set.ts';
import { stack } from '../models/stack.ts';
import { kvAppendMonitor } from './append.ts';
import { counterMonitor } from './counter.ts';
import { lockMonitor } from './lock.ts';
import { logMonitor } from './log.ts';
import type { Monitor } from './monitor.ts';
import { queueMonitor } from './queue.ts';
import { registerMonitor } from './register.ts';
import { setMonitor } from './set.ts';
import { stackMonitor } from './stack.ts';

/** Which monitor stands for which model. */
const monitors = new Map<Model<unknown>, Monitor>([
  [kvAppend, kvAppendMonitor],
  [queue, queueMonitor],
  [stack, stackMonitor],
  [log, logMonitor],
  [set, setMonitor],
  [counter, counterMonitor],
  [lock, lockMonitor],
  [register, registerMonitor],
  [casRegister, registerMonitor],
  [kv, registerMonitor],
]);

export const monitorOf = (model: Model<unknown>): Monitor | undefined => monitors.get(model);
