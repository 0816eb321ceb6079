import type { Checker } from '../core/checker.ts';
import { atMostOnce } from './at-most-once.ts';
import { causal, sequential } from './criteria/criteria.ts';
import { failover } from './failover.ts';
import { group } from './group.ts';
import { linearizable } from './linearizable/linearizable.ts';
import { liveness } from './liveness.ts';
import { mirroring } from './mirroring.ts';
import { processes } from './processes.ts';
import { vacuity } from './vacuity.ts';
import { wellFormed } from './well-formed.ts';

/** Every checker by its name, assumptions first. */
export const checkers: Readonly<Record<string, Checker>> = {
  'well-formed': wellFormed,
  linearizable,
  sequential,
  causal,
  'at-most-once': atMostOnce,
  group,
  mirroring,
  processes,
  failover,
  liveness,
  vacuity,
};
