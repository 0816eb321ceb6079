import type { Impl } from '../../core/impl.ts';
import { millis } from '../../core/units.ts';

/** Primary and backups, checkpointing every request. */
export const passive = {
  name: 'passive',
  description: 'a primary executes and sends each change of state to its backups before it answers',
  roles: ['primary', 'backup'],
  options: [
    {
      name: 'acks',
      values: ['majority', 'all'],
      default: 'majority',
      description: 'how many members must have a change of state before the primary answers',
    },
    {
      name: 'requests',
      values: ['multicast', 'primary'],
      default: 'multicast',
      description:
        'clients send to every replica, so that a new primary goes on by itself, or to the primary alone',
    },
  ],
  layer: 'passive',
  claims: (_nodes, _options, timing) => ({
    tolerates: 'majority',
    outageMsMax: millis(timing === 'fast' ? 700 : 2000),
    text: 'safe under any crash, restart, pause, partition and delay; live while a majority of the latest view is alive and connected',
  }),
  clientMode: (options) => (options['requests'] === 'primary' ? 'primary' : 'all'),
} satisfies Impl;
