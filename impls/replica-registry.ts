/** From the name of a layer to a process that runs it. Layers are loaded when asked for: start-up time of a child is mostly imports. */
import type { Chance, Machine, ReplicaConfig } from '../core/machine.ts';
import type { MakeLayer } from './layer.ts';
import { Replica } from './replica.ts';

const layers: Readonly<Record<string, () => Promise<MakeLayer>>> = {
  simple: async () => (await import('./simple/layer.ts')).makeSimple,
  passive: async () => (await import('./passive/layer.ts')).makePassive,
  active: async () => (await import('./active/layer.ts')).makeActive,
};

/** The layer of this name, or an error that lists the known ones. */
export async function loadLayer(name: string): Promise<MakeLayer> {
  const load = layers[name];
  if (load === undefined) throw new Error(`no layer named ${name}; known: ${Object.keys(layers).join(', ')}`);
  return load();
}

export async function makeReplica(config: ReplicaConfig, chance: Chance): Promise<Machine> {
  return new Replica(config, await loadLayer(config.layer), chance);
}

/** For shells that make many replicas: the same with the layer at hand. */
export const makeReplicaOf = (makeLayer: MakeLayer, config: ReplicaConfig, chance: Chance): Machine =>
  new Replica(config, makeLayer, chance);
