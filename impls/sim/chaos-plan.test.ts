import { slots as slotsOf } from '../../core/ids.ts';
import { defaultTiming } from '../../core/machine.ts';
import { frameKinds, type FrameKind } from '../../core/protocol.ts';
import { makeRandom } from '../../core/random.ts';
import { defaultChaos, planChaos } from './chaos-plan.ts';

/** The frames at whose sending 500 schedules have a process of this layer die. */
function kindsOf(layer: string): ReadonlySet<FrameKind> {
  const slots = slotsOf(3);
  const actions = Array.from({ length: 500 }, (_, seed) =>
    planChaos(defaultChaos, {
      layer,
      slots,
      windowMs: 1000,
      timing: defaultTiming,
      random: makeRandom(seed),
    }),
  ).flat();
  return new Set(actions.flatMap((action) => (action.kind === 'crash-at-send' ? [action.frame] : [])));
}

const ofUnits = [
  'output',
  'output-ack',
  'role',
  'probe',
  'log',
  'log-ack',
  'report',
  'chunk',
  'hand-over',
] as const;
const ofMulticast = ['request', 'redirect', 'state-chunk', 'data', 'stored', 'relay'] as const;

test.each(['somersault', 'somersault-composed', 'mutants/somersault/forgets-acks'])(
  'processes of %s die at frames of units and of views',
  (layer) => {
    const kinds = kindsOf(layer);
    for (const kind of [...ofUnits, 'propose', 'welcome'] as const) expect(kinds).toContain(kind);
    for (const kind of ofMulticast) expect(kinds).not.toContain(kind);
  },
);

test.each(['passive', 'active', 'mutants/passive/no-fencing'])(
  'processes of %s die at any frame but those of units',
  (layer) => {
    const kinds = kindsOf(layer);
    expect(kinds).toEqual(new Set(frameKinds.slice(0, 22)));
    for (const kind of ofUnits) expect(kinds).not.toContain(kind);
  },
);
