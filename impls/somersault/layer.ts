import type { Slot } from '../../core/ids.ts';
import { compareSlots, memberId } from '../../core/ids.ts';
import { assert } from '../../core/assert.ts';
import type { JsonObject } from '../../core/json.ts';
import type { App } from '../apps/app.ts';
import type { Layer, LayerConfig, LayerPort } from '../layer.ts';
import type { FarUnit } from './exchange.ts';
import { unitPeer } from './exchange.ts';
import { callTo } from './front.ts';
import type { UnitConfig, UnitOptions } from './unit.ts';
import { Unit } from './unit.ts';
import type { UnitApp } from './unit-app.ts';
import { serve } from './unit-app.ts';

/** Makes the process of a unit; seeded bugs bring their own. */
export type MakeUnit = (port: LayerPort, config: UnitConfig) => Unit;

const makeUnit: MakeUnit = (port, config) => new Unit(port, config);

/** One recovery unit that serves its clients. */
export const makeSomersault = (port: LayerPort, config: LayerConfig, make = makeUnit): Layer => {
  const replicas = replicasOf(port.slots, config.options);
  return layerOf(
    port,
    config,
    { name: 'unit', prefix: '', slots: port.slots, replicas, far: [], entry: null },
    make,
  );
};

/** Two recovery units: clients talk to the front, which calls the back for each request. */
export const makeComposed = (port: LayerPort, config: LayerConfig, make = makeUnit): Layer => {
  const half = port.slots.length / 2;
  assert(Number.isInteger(half), 'two units of one size');
  const names = ['front', 'back'] as const;
  const parts = names.map((name, i) => {
    const slots = port.slots.slice(i * half, (i + 1) * half);
    const replicas = replicasOf(slots, config.options);
    return { name, slots, replicas, receiver: memberId(replicas[0] as Slot, 0) };
  });
  const [front, back] = parts as [(typeof parts)[0], (typeof parts)[0]];
  const [mine, other] = front.slots.some((slot) => port.me.startsWith(`${slot}.`))
    ? [front, back]
    : [back, front];
  const app = mine === front ? callTo(unitPeer(back.name)) : undefined;
  const place = {
    name: mine.name,
    prefix: `${mine.name}-`,
    slots: mine.slots,
    replicas: mine.replicas,
    far: [other],
    entry: mine === front ? null : unitPeer(front.name),
  };
  return layerOf(port, config, place, make, app);
};

interface Place {
  readonly name: string;
  readonly prefix: string;
  readonly slots: readonly Slot[];
  readonly replicas: readonly Slot[];
  readonly far: readonly FarUnit[];
  readonly entry: string | null;
}

function layerOf(
  port: LayerPort,
  config: LayerConfig,
  { name, prefix, slots, replicas, far, entry }: Place,
  make: MakeUnit,
  app: UnitApp = serve(config.app satisfies App),
): Layer {
  const own: LayerPort = {
    ...port,
    slots,
    trace: (event, fields) => port.trace(event, { unit: name, ...fields }),
  };
  const { chance, serviceMs } = config;
  return make(own, {
    name,
    rolePrefix: prefix,
    replicas,
    app,
    chance,
    serviceMs,
    options: unitOptions(config.options),
    far,
    entry,
  });
}

/** The first k+1 of a unit's 2k+1 slots, unless its options say how many. */
function replicasOf(slots: readonly Slot[], options: JsonObject): readonly Slot[] {
  const given = Number(options['replicas'] ?? 0);
  const count = given > 0 ? given : Math.floor(slots.length / 2) + 1;
  return [...slots].sort(compareSlots).slice(0, count);
}

function unitOptions(options: JsonObject): UnitOptions {
  return {
    logging: options['logging'] === 'early' ? 'early' : 'late',
    topology: options['topology'] === 'fan-out' ? 'fan-out' : 'chain',
    guard: options['guard'] !== 'off',
    transfer: options['transfer'] === 'fuzzy' ? 'fuzzy' : 'whole',
    chunkKeys: Math.max(1, Number(options['chunk'] ?? 64)),
    window: Math.max(1, Number(options['window'] ?? 64)),
    resend: options['resend'] !== 'off',
  };
}
