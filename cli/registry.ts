import type { Impl } from '../core/impl.ts';
import type { Nemesis } from '../core/nemesis.ts';
import type { Workload } from '../core/workload.ts';
import { active } from '../impls/active/impl.ts';
import { mutants, type MutantImpl } from '../impls/mutants/impl.ts';
import { passive } from '../impls/passive/impl.ts';
import { simple } from '../impls/simple/impl.ts';
import { composed, somersault } from '../impls/somersault/impl.ts';
import { crash } from '../nemesis/crash.ts';
import { kill } from '../nemesis/kill.ts';
import { none } from '../nemesis/none.ts';
import { partition } from '../nemesis/partition.ts';
import { pause } from '../nemesis/pause.ts';
import { slow } from '../nemesis/slow.ts';
import { kv } from '../workloads/kv.ts';
import { lock } from '../workloads/lock.ts';
import { nullRpc } from '../workloads/null-rpc.ts';
import { queue } from '../workloads/queue.ts';
import { register } from '../workloads/register.ts';
import { rpc } from '../workloads/rpc.ts';

/** What there is to choose from. */
export interface Registry {
  /** Seeded bugs among them, as `mutants/<name>`. */
  readonly impls: Readonly<Record<string, Impl>>;
  readonly mutants: readonly MutantImpl[];
  readonly workloads: Readonly<Record<string, Workload>>;
  readonly nemeses: Readonly<Record<string, Nemesis>>;
}

/** Everything that comes with ftcheck. To add to it is one import and one name here. */
export const registry: Registry = {
  impls: {
    simple,
    passive,
    active,
    somersault,
    [composed.name]: composed,
    ...Object.fromEntries(mutants.map((mutant) => [mutant.name, mutant])),
  },
  mutants,
  workloads: { kv, register, queue, rpc, lock, 'null-rpc': nullRpc },
  nemeses: { none, partition, kill, crash, pause, slow },
};
