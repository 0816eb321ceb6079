import type { Chance, Machine, ReplicaConfig } from '../../../core/machine.ts';
import { makePassive } from '../../passive/layer.ts';
import { Replica } from '../../replica.ts';

/** A restarted process takes the name of the one that died, and votes as if it had never forgotten anything. */
export const makeAmnesiacVote = (config: ReplicaConfig, chance: Chance): Machine =>
  new Replica({ ...config, incarnation: 0, mode: 'bootstrap' }, makePassive, chance);
