import type { Impl } from '../../core/impl.ts';
import { millis } from '../../core/units.ts';

/** Equal replicas that execute everything in one agreed order. */
export const active = {
  name: 'active',
  description:
    'every replica executes every request, in an order that the group agrees on; the first answer wins',
  roles: ['replica', 'coordinator'],
  options: [],
  layer: 'active',
  claims: (_nodes, _options, timing) => ({
    tolerates: 'majority',
    outageMsMax: millis(timing === 'fast' ? 700 : 2000),
    text: 'safe under any crash, restart, pause, partition and delay; live while a majority of the latest view is alive and connected',
  }),
  clientMode: () => 'any',
} satisfies Impl;
