import type { Workload } from '../core/workload.ts';
import { mixSpecs, registersGenerator } from './registers.ts';

/** One register under contention. */
export const register: Workload = {
  name: 'register',
  description: 'one register: read, write, cas',
  options: mixSpecs,
  app: 'kv',
  model: 'register',
  checkers: ['linearizable', 'at-most-once'],
  operationKinds: ['read', 'write', 'cas'],
  generator: (options, random) => registersGenerator({ keys: ['x'], options, random }),
};
