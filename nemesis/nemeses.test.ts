import { describe, expect, test } from '@jest/globals';
import type { PlannedFault } from '../core/fault.ts';
import { slots } from '../core/ids.ts';
import type { Nemesis } from '../core/nemesis.ts';
import { makeRandom } from '../core/random.ts';
import { millis } from '../core/units.ts';
import { fakeCluster } from '../test/fake-cluster.ts';
import { crash } from './crash.ts';
import { kill } from './kill.ts';
import { none } from './none.ts';
import { partition } from './partition.ts';
import { pause } from './pause.ts';
import { slow } from './slow.ts';

const all: readonly Nemesis[] = [partition, kill, crash, pause, slow];
const windows = [
  { atMs: millis(100), forMs: millis(700) },
  { atMs: millis(1700), forMs: millis(700) },
  { atMs: millis(3300), forMs: millis(700) },
];
const roles = ['primary', 'backup'];

function scheduled(
  nemesis: Nemesis,
  variants: readonly string[],
  input: { seed?: number; nodes?: number } = {},
): PlannedFault[] {
  const random = makeRandom(input.seed ?? 1);
  return nemesis
    .schedule({ slots: slots(input.nodes ?? 3), roles, windows, random, variants })
    .map((fault, i) => ({ ...fault, id: `f${i + 1}`, nemesis: nemesis.name, class: nemesis.class }));
}

const cluster = (nodes = 3) => fakeCluster(nodes, (_slot, i) => (i === 1 ? 'primary' : 'backup'));
const first = (faults: readonly PlannedFault[]): PlannedFault => faults[0]!;

describe.each(all.map((nemesis) => ({ name: nemesis.name, nemesis })))('$name', ({ nemesis }) => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'seed %i: heals all that it did, and what it names as evidence has grown',
    (seed) => {
      for (const fault of scheduled(nemesis, [], { seed })) {
        const faked = cluster();
        const before = new Map(faked.counters());
        const active = nemesis.inject(fault, faked, makeRandom(seed))!;
        expect(active.targets.length).toBeGreaterThan(0);
        expect(
          active.evidence.some((name) => (faked.counters().get(name) ?? 0) > (before.get(name) ?? 0)),
        ).toBe(true);
        expect(active.impaired.length).toBeLessThanOrEqual(nemesis.impairs?.([], 3) ?? 1);
        active.heal();
        expect([...faked.inForce]).toEqual([]);
        expect(fault.atMs).toBeGreaterThanOrEqual(100);
        expect(JSON.parse(JSON.stringify(fault))).toEqual(fault);
      }
    },
  );

  test('equal seeds, equal schedules', () => {
    expect(scheduled(nemesis, [], { seed: 7 })).toEqual(scheduled(nemesis, [], { seed: 7 }));
  });
});

describe('partition', () => {
  test('isolates the node that plays the role when it is injected', () => {
    const faked = cluster();
    const active = partition.inject(
      first(scheduled(partition, ['isolate-primary', 'hold'])),
      faked,
      makeRandom(1),
    )!;
    expect(active.targets).toEqual(['n2']);
    expect(active.impaired).toEqual(['n2']);
    expect([...faked.inForce].sort()).toEqual(['hold n1>n2', 'hold n2>n1', 'hold n2>n3', 'hold n3>n2']);
    expect(active.evidence).toContain('bytes-held:n1>n2');
  });

  test('cuts name each pair with the lower slot first', () => {
    const faked = cluster();
    const active = partition.inject(
      first(scheduled(partition, ['isolate-primary', 'cut'])),
      faked,
      makeRandom(1),
    )!;
    expect([...faked.inForce]).toEqual(['cut n1-n2', 'cut n2-n3']);
    expect(active.evidence).toEqual([
      'connections-reset:n1-n2',
      'connections-refused:n1-n2',
      'connections-reset:n2-n3',
      'connections-refused:n2-n3',
    ]);
  });

  test('one-way holds one direction and still impairs', () => {
    const faked = cluster();
    const fault = first(scheduled(partition, ['isolate-primary', 'one-way']));
    const active = partition.inject(fault, faked, makeRandom(1))!;
    expect(fault.name).toBe('partition:isolate-primary,one-way,hold');
    expect(faked.inForce.size).toBe(2);
    expect(active.impaired).toEqual(['n2']);
  });

  test('a minority of five is two, a half of four is two', () => {
    const minority = partition.inject(
      first(scheduled(partition, ['majority-minority'], { nodes: 5 })),
      cluster(5),
      makeRandom(1),
    );
    expect(minority!.impaired).toHaveLength(2);
    const half = partition.inject(
      first(scheduled(partition, ['halves'], { nodes: 4 })),
      cluster(4),
      makeRandom(1),
    );
    expect(half!.impaired).toHaveLength(2);
  });

  test('without a shape, no seed leaves the group without a majority', () => {
    for (let seed = 0; seed < 200; seed++) {
      for (const nodes of [3, 4, 5]) {
        for (const fault of scheduled(partition, [], { seed, nodes })) {
          const { impaired } = partition.inject(fault, cluster(nodes), makeRandom(seed))!;
          expect(impaired.length).toBeLessThan(nodes / 2);
        }
      }
    }
  });

  test('a cut cannot be one-way', () => {
    expect(() => scheduled(partition, ['cut', 'one-way'])).toThrow(/both directions/);
  });

  test('one node alone cannot be parted from anybody', () => {
    expect(
      partition.inject(first(scheduled(partition, [], { nodes: 1 })), cluster(1), makeRandom(1)),
    ).toBeNull();
  });
});

describe('kill', () => {
  test('withholds the replacement before it kills', () => {
    const faked = cluster();
    const active = kill.inject(first(scheduled(kill, ['primary'])), faked, makeRandom(1))!;
    expect(faked.calls).toEqual(['withhold n2', 'kill n2 process']);
    active.heal();
    expect(faked.calls.at(-1)).toBe('not withhold n2');
  });

  test('majority: two of three at once, and only once', () => {
    const faults = scheduled(kill, ['majority']);
    expect(faults).toHaveLength(1);
    expect(kill.inject(first(faults), cluster(), makeRandom(1))!.impaired).toHaveLength(2);
  });

  test('never: nobody comes back, and no more than a minority dies', () => {
    const faults = scheduled(kill, ['never', 'backup']);
    expect(faults.map(({ name }) => name)).toEqual(['kill:backup,never']);
    const faked = cluster();
    kill.inject(first(faults), faked, makeRandom(1))!.heal();
    expect(faked.inForce.size).toBe(1);
    expect(scheduled(kill, ['never'], { nodes: 5 })).toHaveLength(2);
  });

  test('several roles take turns', () => {
    expect(new Set(scheduled(kill, ['primary', 'backup']).map(({ target }) => target))).toEqual(
      new Set(['primary', 'backup']),
    );
  });

  test('in turn: the roles as they were named, or all of them', () => {
    const targets = (...variants: string[]) => scheduled(kill, variants).map(({ target }) => target);
    expect(targets('in-turn')).toEqual(['primary', 'backup', 'primary']);
    expect(targets('backup', 'in-turn', 'primary')).toEqual(['backup', 'primary', 'backup']);
    const [one, other] = scheduled(kill, ['in-turn']);
    expect(other).toMatchObject({ name: 'kill:backup', atMs: one!.atMs, inTurn: true });
    expect(kill.standsAlone!(['in-turn'])).toBe(true);
    expect(kill.standsAlone!(['primary'])).toBe(false);
    expect(() => scheduled(kill, ['in-turn', 'never'])).toThrow(/neither majority nor never/);
  });

  test('nobody plays the role: null', () => {
    const faked = fakeCluster(3, () => 'joining');
    expect(kill.inject(first(scheduled(kill, ['primary'])), faked, makeRandom(1))).toBeNull();
  });

  test('the dead are not killed again', () => {
    const faked = cluster();
    for (const fault of scheduled(kill, ['backup'])) kill.inject(fault, faked, makeRandom(1));
    expect(faked.down.size).toBe(2);
  });
});

test('crash: the host dies', () => {
  const faked = cluster();
  const active = crash.inject(first(scheduled(crash, ['host', 'primary'])), faked, makeRandom(1))!;
  expect(faked.calls).toEqual(['withhold n2', 'kill n2 host']);
  expect(active.targets).toEqual(['n2']);
});

test('slow: all links of the node, both ways, its clients included', () => {
  const faked = cluster();
  slow.inject(first(scheduled(slow, ['primary'])), faked, makeRandom(1));
  expect(faked.inForce.size).toBe(8);
  expect(faked.inForce).toContain('delay clients>n2');
  expect(faked.inForce).toContain('delay n2>client@n2');
});

test('slow:all delays every direction once', () => {
  const faked = cluster();
  const active = slow.inject(first(scheduled(slow, ['all'])), faked, makeRandom(1))!;
  expect(active.targets).toHaveLength(3);
  expect(faked.inForce.size).toBe(6 + 12);
});

test('none schedules nothing', () => {
  expect(scheduled(none, [])).toEqual([]);
});
