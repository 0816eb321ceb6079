import type { Workload } from '../core/workload.ts';

const call = { f: 'call', key: null, value: null };

/** Calls that do nothing: what they take is the layer's (Becker §5.2, "null RPC"). */
export const nullRpc: Workload = {
  name: 'null-rpc',
  description: 'calls that do nothing, for the latency of the layer alone',
  options: [],
  app: 'null',
  model: 'null',
  checkers: ['linearizable', 'at-most-once'],
  operationKinds: ['call'],
  generator: () => ({ next: () => call, completed: () => {}, finalReads: () => [call] }),
};
