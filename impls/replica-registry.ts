/** From the name of a layer to a process that runs it. Layers are loaded when asked for: start-up time of a child is mostly imports. */
import type { Chance, Machine, ReplicaConfig } from '../core/machine.ts';
import type { MakeLayer } from './layer.ts';
import { Replica } from './replica.ts';
import type { Unit } from './somersault/unit.ts';

export type MakeReplica = (config: ReplicaConfig, chance: Chance) => Machine;

const around =
  (makeLayer: MakeLayer): MakeReplica =>
  (config, chance) =>
    new Replica(config, makeLayer, chance);

/** A recovery unit of processes of this class. */
const unitOf = async (Class: typeof Unit): Promise<MakeReplica> => {
  const { makeSomersault } = await import('./somersault/layer.ts');
  return around((port, config) => makeSomersault(port, config, (own, unit) => new Class(own, unit)));
};

const layers: Readonly<Record<string, () => Promise<MakeReplica>>> = {
  simple: async () => around((await import('./simple/layer.ts')).makeSimple),
  passive: async () => around((await import('./passive/layer.ts')).makePassive),
  active: async () => around((await import('./active/layer.ts')).makeActive),
  somersault: async () => around((await import('./somersault/layer.ts')).makeSomersault),
  'somersault/composed': async () => around((await import('./somersault/layer.ts')).makeComposed),
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
  'mutants/somersault/replies-before-logged': async () =>
    unitOf((await import('./mutants/somersault/replies-before-logged.ts')).RepliesBeforeLogged),
  'mutants/somersault/primary-acks': async () =>
    unitOf((await import('./mutants/somersault/primary-acks.ts')).PrimaryAcks),
  'mutants/somersault/collects-too-early': async () =>
    unitOf((await import('./mutants/somersault/collects-too-early.ts')).CollectsTooEarly),
  'mutants/somersault/choice-not-logged': async () =>
    unitOf((await import('./mutants/somersault/choice-not-logged.ts')).ChoiceNotLogged),
  'mutants/somersault/transfer-misses-updates': async () =>
    unitOf((await import('./mutants/somersault/transfer-misses-updates.ts')).TransferMissesUpdates),
  'mutants/somersault/hand-over-renumbers': async () =>
    unitOf((await import('./mutants/somersault/hand-over-renumbers.ts')).HandOverRenumbers),
  'mutants/somersault/hand-over-loses-in-flight': async () =>
    unitOf((await import('./mutants/somersault/hand-over-loses-in-flight.ts')).HandOverLosesInFlight),
  'mutants/somersault/witness-votes-twice': async () =>
    unitOf((await import('./mutants/somersault/witness-votes-twice.ts')).WitnessVotesTwice),
  'mutants/somersault/forgets-counters': async () =>
    unitOf((await import('./mutants/somersault/forgets-counters.ts')).ForgetsCounters),
  'mutants/somersault/idle-ack-from-non-sender': async () =>
    unitOf((await import('./mutants/somersault/idle-ack-from-non-sender.ts')).IdleAckFromNonSender),
  'mutants/somersault/view-without-state': async () =>
    unitOf((await import('./mutants/somersault/view-without-state.ts')).ViewWithoutState),
  'mutants/somersault/readmits-excluded': async () =>
    unitOf((await import('./mutants/somersault/readmits-excluded.ts')).ReadmitsExcluded),
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
