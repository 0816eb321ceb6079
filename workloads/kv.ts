import type { OptionSpec } from '../core/impl.ts';
import type { Workload } from '../core/workload.ts';
import { keysOf, keysSpec } from './options.ts';
import { mixSpecs, registersGenerator } from './registers.ts';

const options: readonly OptionSpec[] = [keysSpec(5, 'number of registers'), ...mixSpecs];

/** Several registers, judged one by one. */
export const kv: Workload = {
  name: 'kv',
  description: 'several registers: read, write, cas',
  options,
  app: 'kv',
  model: 'kv',
  checkers: ['linearizable', 'at-most-once'],
  operationKinds: ['read', 'write', 'cas'],
  generator: (given, random) =>
    registersGenerator({ keys: keysOf(options, given, 'k'), options: given, random }),
};
