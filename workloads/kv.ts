import type { OptionSpec } from '../core/impl.ts';
import type { Workload } from '../core/workload.ts';
import { numberOption } from './options.ts';
import { mixSpecs, registersGenerator } from './registers.ts';

const options: readonly OptionSpec[] = [
  { name: 'keys', values: 'number', default: 5, description: 'number of registers' },
  ...mixSpecs,
];

/** Several registers, judged one by one. */
export const kv: Workload = {
  name: 'kv',
  description: 'several registers: read, write, cas',
  options,
  app: 'kv',
  model: 'kv',
  checkers: ['linearizable', 'at-most-once'],
  operationKinds: ['read', 'write', 'cas'],
  generator: (given, random) => {
    const count = Math.max(1, numberOption(options, given, 'keys'));
    const keys = Array.from({ length: count }, (_, i) => `k${i + 1}`);
    return registersGenerator({ keys, options: given, random });
  },
};
