/** From the name of a layer to a process that runs it. Layers are loaded when asked for: start-up time of a child is mostly imports. */
import type { Chance, Machine, ReplicaConfig } from '../core/machine.ts';
import type { MakeLayer } from './layer.ts';
import { Replica } from './replica.ts';

export type MakeReplica = (config: ReplicaConfig, chance: Chance) => Machine;

const around =
  (makeLayer: MakeLayer): MakeReplica =>
  (config, chance) =>
    new Replica(config, makeLayer, chance);

const layers: Readonly<Record<string, () => Promise<MakeReplica>>> = {
  simple: async () => around((await import('./simple/layer.ts')).makeSimple),
  passive: async () => around((await import('./passive/layer.ts')).makePassive),
  active: async () => around((await import('./active/layer.ts')).makeActive),
  'mutants/passive/reply-before-backups': async () =>
    around((await import('./mutants/passive/reply-before-backups.ts')).makeReplyBeforeBackups),
  'mutants/passive/no-reply-cache': async () =>
    around((await import('./mutants/passive/no-reply-cache.ts')).makeNoReplyCache),
  'mutants/passive/no-fencing': async () =>
    around((await import('./mutants/passive/no-fencing.ts')).makeNoFencing),
  'mutants/active/local-reads': async () =>
    around((await import('./mutants/active/local-reads.ts')).makeLocalReads),
  'mutants/active/delivers-before-stable': async () =>
    around((await import('./mutants/active/delivers-before-stable.ts')).makeDeliversBeforeStable),
  'mutants/group/amnesiac-vote': async () =>
    (await import('./mutants/group/amnesiac-vote.ts')).makeAmnesiacVote,
};

/** Makes replicas of this layer, or an error that lists the known ones. */
export async function loadReplica(layer: string): Promise<MakeReplica> {
  const load = layers[layer];
  if (load === undefined)
    throw new Error(`no layer named ${layer}; known: ${Object.keys(layers).join(', ')}`);
  return load();
}

export async function makeReplica(config: ReplicaConfig, chance: Chance): Promise<Machine> {
  return (await loadReplica(config.layer))(config, chance);
}
