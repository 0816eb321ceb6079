import { describe, expect, test } from '@jest/globals';
import type { PlannedFault } from '../core/fault.ts';
import { slotNamed, slots } from '../core/ids.ts';
import { makeRandom } from '../core/random.ts';
import { millis } from '../core/units.ts';
import { fakeCluster } from '../test/fake-cluster.ts';
import { partition } from './partition.ts';

const roles = ['primary', 'backup'];
const windows = [{ atMs: millis(100), forMs: millis(700) }];

function scheduled(variants: readonly string[], input: { seed?: number; nodes?: number } = {}): PlannedFault {
  const { seed = 1, nodes = 3 } = input;
  const random = makeRandom(seed);
  const [fault] = partition.schedule({ slots: slots(nodes), roles, windows, random, variants });
  return { ...fault!, id: 'f1', nemesis: 'partition', class: 'omission' };
}

/** n2 is the primary. */
const cluster = (nodes = 3) => fakeCluster(nodes, (_slot, i) => (i === 1 ? 'primary' : 'backup'));

describe('bridge', () => {
  test.each([
    ['hold', ['hold n1>n3', 'hold n3>n1'], ['bytes-held:n1>n3', 'bytes-held:n3>n1']],
    ['cut', ['cut n1-n3'], ['connections-reset:n1-n3', 'connections-refused:n1-n3']],
  ])(
    '%s: who plays the role reaches both sides, which do not reach each other',
    (mode, inForce, evidence) => {
      const faked = cluster();
      const fault = scheduled(['bridge-primary', mode]);
      const active = partition.inject(fault, faked, makeRandom(1))!;
      expect(fault).toMatchObject({ name: `partition:bridge-primary,${mode}`, target: 'primary' });
      expect([...faked.inForce].sort()).toEqual(inForce);
      expect([...active.evidence].sort()).toEqual([...evidence].sort());
      expect(active.targets).toEqual(['n2']);
      expect(active.impaired).toEqual(['n3']);
      active.heal();
      expect(faked.inForce.size).toBe(0);
    },
  );

  test('one-way: one side still hears the other', () => {
    const faked = cluster();
    const active = partition.inject(scheduled(['bridge-primary', 'one-way']), faked, makeRandom(1))!;
    expect(faked.inForce.size).toBe(1);
    expect(active.impaired).toEqual(['n3']);
  });

  test.each([3, 4, 5, 6, 7, 8, 9])(
    'of %i nodes a majority stands, and all of it reach each other',
    (nodes) => {
      const bridges = new Set<string>();
      for (let seed = 0; seed < 40; seed++) {
        const faked = cluster(nodes);
        const active = partition.inject(
          scheduled(['bridge', 'hold'], { seed, nodes }),
          faked,
          makeRandom(seed),
        )!;
        const standing = faked.slots.filter((slot) => !active.impaired.includes(slot));
        expect(standing.length).toBeGreaterThan(nodes / 2);
        expect(active.impaired.length).toBe(partition.impairs!(['bridge'], nodes));
        for (const from of standing) {
          for (const to of standing) expect(faked.inForce.has(`hold ${from}>${to}`)).toBe(false);
        }
        const [bridge] = active.targets;
        bridges.add(bridge!);
        expect([...faked.inForce].some((hold) => hold.includes(bridge!))).toBe(false);
        expect(faked.inForce.size).toBe(2 * Math.floor((nodes - 1) / 2) * Math.ceil((nodes - 1) / 2));
      }
      expect(bridges.size).toBe(nodes);
    },
  );

  test('each side has a node that runs, or there is no bridge', () => {
    const faked = cluster(5);
    for (const slot of ['n1', 'n3']) faked.down.add(slotNamed(slot));
    const active = partition.inject(
      scheduled(['bridge-primary', 'hold'], { nodes: 5 }),
      faked,
      makeRandom(1),
    )!;
    expect(faked.inForce.has('hold n4>n5')).toBe(true);
    expect(active.targets).toEqual(['n2']);
    faked.down.add(slotNamed('n4'));
    expect(partition.inject(scheduled(['bridge', 'hold'], { nodes: 5 }), faked, makeRandom(1))).toBeNull();
  });
});

test('what is to be impaired at once is the most that any of the shapes impairs', () => {
  const impairs = (...variants: string[]) => partition.impairs!(variants, 6);
  expect([impairs('isolate-primary'), impairs('bridge-primary'), impairs('halves'), impairs()]).toEqual([
    1, 2, 3, 2,
  ]);
  expect(impairs('isolate-primary', 'majority-minority', 'cut')).toBe(2);
});

test('left to the seed, each shape comes up', () => {
  const shapes = (nodes: number) =>
    new Set(Array.from({ length: 200 }, (_, seed) => scheduled([], { seed, nodes }).options['shape']));
  const always = ['majority-minority', 'isolate-one', 'isolate-primary', 'isolate-backup'];
  expect(shapes(2)).toEqual(new Set(always));
  expect(shapes(3)).toEqual(new Set([...always, 'bridge']));
  expect(shapes(5)).toEqual(new Set([...always, 'bridge', 'halves']));
});
