import type { Impl } from '../../core/impl.ts';
import { millis } from '../../core/units.ts';

/** One server: several that know nothing of each other would be several services. */
export const simple = {
  name: 'simple',
  description: 'one process, no replication: the baseline of every comparison',
  roles: ['server'],
  options: [],
  layer: 'simple',
  nodesDefault: 1,
  nodesMax: 1,
  claims: () => ({
    tolerates: 'none',
    outageMsMax: millis(0),
    text: 'correct while its one process lives; a process that dies takes the state with it',
  }),
  clientMode: () => 'any',
} satisfies Impl;
