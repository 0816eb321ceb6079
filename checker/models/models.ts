import type { Model } from '../../core/model.ts';
import { lock } from './lock.ts';
import { log } from './log.ts';
import { nullObject } from './null.ts';
import { queue } from './queue.ts';
import { register } from './register.ts';

/** Several registers are judged one by one, and so is one. */
const kv: Model<unknown> = { ...register, name: 'kv' };

/** The sequential models by name. */
export const models: Readonly<Record<string, Model<unknown>>> = {
  register,
  kv,
  queue,
  log,
  lock,
  null: nullObject,
};
