import type { Impl } from '../../core/impl.ts';
import { slots as slotsOf } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import { millis } from '../../core/units.ts';

const options: Impl['options'] = [
  {
    name: 'logging',
    values: ['late', 'early'],
    default: 'late',
    description: 'the primary logs a message after it has processed it, choices included, or before',
  },
  {
    name: 'topology',
    values: ['chain', 'fan-out'],
    default: 'chain',
    description: 'with more than two replicas: the log goes down a line, or from the primary to each',
  },
  {
    name: 'replicas',
    values: 'number',
    default: 0,
    description: 'replicas of a unit; 0: k+1 of 2k+1 nodes',
  },
  {
    name: 'witnesses',
    values: 'number',
    default: 0,
    description: 'witnesses of a unit, which vote and hold no state; 0: k of 2k+1 nodes',
  },
  {
    name: 'transfer',
    values: ['whole', 'fuzzy'],
    default: 'whole',
    description: 'state goes to a new replica at once, or in pieces between ordinary work',
  },
  { name: 'chunk', values: 'number', default: 64, description: 'keys in a piece of a state transfer' },
  {
    name: 'guard',
    values: ['on', 'off'],
    default: 'on',
    description:
      'fan-out: stop rather than go on without both the primary and the sender, which alone know what was sent; off: as the paper has it',
  },
  {
    name: 'window',
    values: 'number',
    default: 64,
    description: 'outputs of a connection that may wait for acknowledgement before requests wait',
  },
  {
    name: 'resend',
    values: ['on', 'off'],
    default: 'on',
    description: 'send again what is not acknowledged for long, besides the re-sends of failover',
  },
];

const numberOf = (given: JsonObject, name: string): number => Number(given[name] ?? 0);

/** Replicas and witnesses that the options ask for, of one unit of so many nodes. */
function partsOf(
  nodes: number,
  given: JsonObject,
): { readonly replicas: number; readonly witnesses: number } {
  const replicas = numberOf(given, 'replicas');
  const witnesses = numberOf(given, 'witnesses');
  if (replicas > 0) return { replicas, witnesses: witnesses > 0 ? witnesses : nodes - replicas };
  if (witnesses > 0) return { replicas: nodes - witnesses, witnesses };
  return { replicas: Math.floor(nodes / 2) + 1, witnesses: nodes - Math.floor(nodes / 2) - 1 };
}

function wrongParts(nodes: number, given: JsonObject): string | null {
  const { replicas, witnesses } = partsOf(nodes, given);
  const isWhole = Number.isInteger(replicas) && Number.isInteger(witnesses);
  if (!isWhole || replicas < 1 || witnesses < 0)
    return `--replicas ${replicas}: a unit needs at least one of its ${nodes} nodes to be a replica`;
  if (replicas + witnesses !== nodes)
    return `--nodes ${nodes}: ${replicas} replicas and ${witnesses} witnesses make ${replicas + witnesses} nodes of a unit, not ${nodes}`;
  for (const name of ['chunk', 'window'])
    if (given[name] !== undefined && (!Number.isInteger(given[name]) || numberOf(given, name) < 1))
      return `--${name} ${JSON.stringify(given[name])}: must be a whole number from 1`;
  return null;
}

function nodesFor(given: JsonObject): number | null {
  const replicas = numberOf(given, 'replicas');
  const witnesses = numberOf(given, 'witnesses');
  if (replicas === 0 && witnesses === 0) return null;
  if (replicas === 0) return 2 * witnesses + 1;
  return replicas + (witnesses > 0 ? witnesses : replicas - 1);
}

const outageMsMax = { default: millis(2000), fast: millis(700) } as const;

const safe = 'safe under any crash, restart, pause, partition and delay';
const unguarded = 'safe unless primary and sender fail, or are cut off, together';
const live = 'live while a majority of the latest view with a replica that has state is alive and connected';

/** Primary, secondary, witness: what leaves the unit is known to every replica of it. */
export const somersault = {
  name: 'somersault',
  description: 'a recovery unit: the primary receives, the secondary mirrors it and sends, a witness votes',
  roles: ['primary', 'secondary', 'witness'],
  options,
  layer: 'somersault',
  nodesFor,
  check: wrongParts,
  claims: (_nodes, given, timing) => ({
    tolerates: 'unit',
    heirs: given['topology'] === 'fan-out' ? 'first-two' : 'any',
    outageMsMax: outageMsMax[timing],
    text:
      given['topology'] === 'fan-out' && given['guard'] === 'off'
        ? `${unguarded}; ${live}`
        : `${safe}; ${live}`,
  }),
  clientMode: () => 'unit',
} satisfies Impl;

/** Two recovery units, one a client of the other. */
export const composed = {
  ...somersault,
  name: 'somersault:composed',
  description:
    'two recovery units: clients talk to the front unit, which calls the back unit for each request',
  roles: [
    'front-primary',
    'front-secondary',
    'front-witness',
    'back-primary',
    'back-secondary',
    'back-witness',
  ],
  layer: 'somersault/composed',
  nodesDefault: 6,
  nodesFor: (given: JsonObject) => {
    const nodes = nodesFor(given);
    return nodes === null ? null : 2 * nodes;
  },
  check: (nodes: number, given: JsonObject) =>
    nodes % 2 === 1
      ? `--nodes ${nodes}: two units of one size need an even number`
      : wrongParts(nodes / 2, given),
  claims: (nodes, given, timing) => {
    const slots = slotsOf(nodes);
    return {
      ...somersault.claims(nodes / 2, given, timing),
      units: [slots.slice(0, nodes / 2), slots.slice(nodes / 2)],
    };
  },
} satisfies Impl;
