import type { Plan } from '../core/plan.ts';
import { millis } from '../core/units.ts';

/** As much of a plan as a cluster needs. */
export const planFor = (layer: string, nodes: number): Plan => ({
  format: 'ftcheck-plan-1',
  version: '0',
  seed: 1,
  impl: {
    name: layer,
    options: {},
    claims: { tolerates: 'none', outageMsMax: millis(1000), text: '' },
  },
  workload: { name: 'kv', options: {}, model: 'kv', app: 'kv' },
  nemesis: 'none',
  nodes,
  clients: 1,
  rate: null,
  pinned: false,
  opTimeoutMs: millis(1000),
  timing: 'default',
  serviceMs: millis(0),
  phases: {
    warmUpMs: millis(0),
    faultsMs: millis(0),
    settleMs: millis(0),
    finalReadsMs: millis(0),
  },
  faults: [],
  checkers: [],
  checkerLimits: { timeMs: millis(1000), memoryMb: 512 },
  slos: [],
});
