import { expect, test } from '@jest/globals';
import type { HistoryEvent } from '../../core/history.ts';
import { slotNamed } from '../../core/ids.ts';
import type { TraceEvent } from '../../core/trace.ts';
import { millis, nanos } from '../../core/units.ts';
import type { TrialRecord } from '../../harness/failover-trial.ts';
import { makePlan } from '../../harness/plan.ts';
import { measuredTrial } from './phases.ts';
import { registry } from '../registry.ts';

/** Milliseconds since the fault took effect, as the trace counts. */
const at = (ms: number): ReturnType<typeof nanos> => nanos(5e9 + ms * 1e6);
const event = (ms: number, node: string, name: string, fields: object = {}): TraceEvent => ({
  time: at(ms),
  node,
  event: name,
  ...fields,
});

const view = (id: number, members: readonly string[], fresh: readonly string[] = []): object => ({
  view: id,
  members,
  fresh,
  primary: 'n2.0',
});
const trace: readonly TraceEvent[] = [
  event(-1, 'harness', 'fault-begin', { id: 'f1', fault: 'kill:primary', class: 'crash', target: 'primary' }),
  event(0, 'harness', 'fault-effect', { id: 'f1', targets: ['n1'], impaired: ['n1'] }),
  event(170, 'n3.0', 'suspect', { peer: 'n1.0' }),
  event(171, 'n3.0', 'change', { view: 4 }),
  event(180, 'n2.0', 'view', view(5, ['n2.0', 'n3.0'])),
  event(400, 'harness', 'fault-heal', { id: 'f1' }),
  event(700, 'n1.1', 'view', view(6, ['n2.0', 'n3.0', 'n1.1'], ['n1.1'])),
  event(730, 'n1.1', 'synced', { view: 6 }),
  event(760, 'harness', 'fault-end', { id: 'f1', evidence: [], effect: true }),
];

function asked(...spans: readonly (readonly [number, number])[]): HistoryEvent[] {
  return spans
    .flatMap(([from, to], i) => [
      { at: from, type: 'invoke' as const, process: i, request: `c${i + 1}/1/1` },
      { at: to, type: 'ok' as const, process: i },
    ])
    .sort((a, b) => a.at - b.at)
    .map(({ at: ms, ...given }, index) => ({
      index,
      time: at(ms),
      f: 'read',
      key: 'k',
      value: null,
      ...given,
    }));
}

const { passive } = registry.impls;
const { kv } = registry.workloads;
const plan = makePlan({
  impl: passive!,
  workload: kv!,
  seed: 1,
  nemesis: 'none',
  choices: [],
  pinned: false,
  clients: 2,
});
const record: TrialRecord = {
  fault: {
    id: 'f1',
    nemesis: 'kill',
    name: 'kill:primary',
    class: 'crash',
    atMs: millis(0),
    forMs: millis(400),
    target: 'primary',
    options: {},
  },
  targets: [slotNamed('n1')],
  effectNs: at(0),
  healNs: at(401),
  wholeNs: at(740),
  endNs: at(760),
  isServed: true,
  history: asked([-3, 100], [20, 195]),
  trace,
  pace: { gapsMs: [1, 3, 1.2], due: 195, begun: 1 },
};
const measured = (more: Partial<TrialRecord> = {}) =>
  measuredTrial(plan, { name: 'kill:primary', n: 3 }, { ...record, ...more });

test('phases and outage are those of the checker, counted from the effect', () => {
  expect(measured()).toMatchObject({
    result: 'measured',
    n: 3,
    target: 'n1',
    detectMs: 170,
    agreeMs: 180,
    recoverMs: 195,
    outageMs: 195,
    healMs: 401,
    fullRecoveryMs: 730,
    stallMs: 565,
    clientsMs: [null, 175],
    probeGapMsP50: 1.2,
    probeGapMsMax: 3,
  });
});

test('without a change of view there are no phases, and everybody is back when every node serves again', () => {
  const still = trace.filter(({ node }) => node === 'harness');
  expect(measured({ trace: still })).toMatchObject({
    detectMs: null,
    agreeMs: null,
    recoverMs: null,
    fullRecoveryMs: 740,
  });
});

test('what did not come within its limit is null, whatever came later', () => {
  expect(measured({ isServed: false, wholeNs: null })).toMatchObject({
    outageMs: null,
    fullRecoveryMs: null,
  });
});
