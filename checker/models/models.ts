import type { Model } from '../../core/model.ts';
import { bank } from './bank.ts';
import { counter } from './counter.ts';
import { kvAppend } from './kv-append.ts';
import { lock } from './lock.ts';
import { log } from './log.ts';
import { multiRegister } from './multi-register.ts';
import { mutex } from './mutex.ts';
import { nullObject } from './null.ts';
import { queue } from './queue.ts';
import { casRegister, kv, register } from './register.ts';
import { set } from './set.ts';
import { stack } from './stack.ts';

/** The sequential models by name. */
export const models: Readonly<Record<string, Model<unknown>>> = {
  register,
  'cas-register': casRegister,
  kv,
  queue,
  stack,
  log,
  'kv-append': kvAppend,
  lock,
  set,
  counter,
  mutex,
  'multi-register': multiRegister,
  bank,
  null: nullObject,
};
