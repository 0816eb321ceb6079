import { slotNamed } from '../../core/ids.ts';
import type { Frame } from '../../core/protocol.ts';
import { makeRandom } from '../../core/random.ts';
import { makeDigest } from './digest.ts';
import { makeDirections } from './directions.ts';
import type { End, Host, Listener } from './network.ts';
import { makeNetwork } from './network.ts';
import { letGo } from './pipe.ts';
import { makeScheduler } from './scheduler.ts';
import { calm, type Weather, wild } from './weather.ts';

const [n1, n2] = [slotNamed('n1'), slotNamed('n2')];

/** Two hosts that write down what they hear, and a network between them. */
function setUp(seed = 1, weather: Weather = calm) {
  const scheduler = makeScheduler();
  const directions = makeDirections([n1, n2]);
  const host = (slot: typeof n1) => {
    const heard: string[] = [];
    const ends = new Map<number, End>();
    const frames: unknown[] = [];
    const self: Host & { heard: string[]; frames: unknown[] } = {
      name: `${slot}.0`,
      place: slot,
      ends,
      heard,
      frames,
      hear: (_, what) => heard.push(what),
      hearFrame: (_, frame) => {
        heard.push(frame.kind);
        frames.push(frame.payload);
      },
    };
    return self;
  };
  const [a, b] = [host(n1), host(n2)];
  let listener: Listener = b;
  const network = makeNetwork({
    scheduler,
    random: makeRandom(seed),
    directions,
    digest: makeDigest(),
    weather,
    listener: () => listener,
  });
  const run = (forMs = 1_000): void => {
    scheduler.after(forMs, () => scheduler.stop());
    scheduler.run({ untilMs: Infinity, actionsMax: 100_000 });
  };
  const listen = (next: Listener): void => {
    listener = next;
  };
  return { a, b, network, directions, run, listen };
}

const frame = (payload: number): Frame => ({ kind: 'beat', payload });

test('frames arrive in order, each once, as copies; then the close', () => {
  const { a, b, network, run } = setUp();
  network.dial(a, 1, n2);
  run();
  expect([a.heard, b.heard]).toEqual([['connected'], ['accepted']]);
  const payload = [1];
  network.send(a, 1, { kind: 'beat', payload });
  payload.push(2);
  for (let i = 2; i < 50; i++) network.send(a, 1, frame(i));
  network.close(a, 1);
  network.send(a, 1, frame(99));
  run();
  expect(b.frames).toEqual([[1], ...Array.from({ length: 48 }, (_, i) => i + 2)]);
  expect(b.heard.at(-1)).toBe('closed');
  expect(a.heard).toEqual(['connected']);
});

test('frames are counted by direction, in all and by kind', () => {
  const { a, b, network, directions, run } = setUp();
  network.dial(a, 1, n2);
  run();
  for (const kind of ['beat', 'data', 'beat'] as const) network.send(a, 1, { kind, payload: null });
  network.send(b, [...b.ends.keys()][0]!, frame(1));
  const counters = new Map<string, number>();
  directions.count(counters);
  expect(Object.fromEntries([...counters].filter(([name]) => name.startsWith('frames:')))).toEqual({
    'frames:n1>n2': 3,
    'frames:n1>n2:beat': 2,
    'frames:n1>n2:data': 1,
    'frames:n2>n1': 1,
    'frames:n2>n1:beat': 1,
  });
});

test('a held direction keeps everything back, also the close, and only that direction', () => {
  const { a, b, network, directions, run } = setUp();
  network.dial(a, 1, n2);
  run();
  const forth = directions.direction({ from: n1, to: n2 });
  forth.holds++;
  network.send(a, 1, frame(1));
  run();
  network.send(a, 1, frame(2));
  const [accepted] = [...b.ends.keys()];
  network.send(b, accepted!, frame(3));
  network.close(a, 1);
  run();
  expect(b.heard).toEqual(['accepted']);
  expect(forth.bytesHeld).toBe(forth.bytes);
  forth.holds--;
  letGo(forth);
  run();
  expect(b.heard).toEqual(['accepted', 'beat', 'beat', 'closed']);
});

test('what was sent the other way arrives during a hold', () => {
  const { a, b, network, directions, run } = setUp();
  network.dial(a, 1, n2);
  run();
  directions.direction({ from: n1, to: n2 }).holds++;
  network.send(b, [...b.ends.keys()][0]!, frame(3));
  run();
  expect(a.frames).toEqual([3]);
});

test('a reset closes both ends and loses what is under way', () => {
  const { a, b, network, directions, run } = setUp();
  network.dial(a, 1, n2);
  run();
  network.send(a, 1, frame(1));
  expect(network.reset(directions.pair(n2, n1).name)).toBe(1);
  network.send(a, 1, frame(2));
  run();
  expect([a.heard, b.heard]).toEqual([
    ['connected', 'closed'],
    ['accepted', 'closed'],
  ]);
});

test('dials fail while a pair is cut or nobody listens, and hang at a dead machine', () => {
  const { a, b, network, directions, run, listen } = setUp();
  directions.pair(n1, n2).cuts++;
  network.dial(a, 1, n2);
  run();
  expect(a.heard).toEqual(['closed']);
  expect(directions.pair(n1, n2).refused).toBe(1);
  directions.pair(n1, n2).cuts--;
  listen('refuses');
  network.dial(a, 2, n2);
  run();
  expect(a.heard.at(-1)).toBe('closed');
  listen('silent');
  const before = a.heard.filter((what) => what === 'closed').length;
  network.dial(a, 3, n2);
  run();
  expect(a.heard.filter((what) => what === 'closed')).toHaveLength(before);
  expect(b.heard).toEqual([]);
});

test('after a crash the peer sees a prefix of what was sent, then the close; after that of a machine, no close', () => {
  const seen = new Set<number>();
  for (let seed = 0; seed < 100; seed++) {
    const { a, b, network, run } = setUp(seed);
    network.dial(a, 1, n2);
    run();
    for (let i = 0; i < 5; i++) network.send(a, 1, frame(i));
    const isProcess = seed % 2 === 0;
    expect(network.crash(a, isProcess ? 'process' : 'host')).toBe(1);
    run();
    expect(b.frames).toEqual([0, 1, 2, 3, 4].slice(0, b.frames.length));
    expect(b.heard.includes('closed')).toBe(isProcess);
    seen.add(b.frames.length);
  }
  expect(seen.size).toBe(6);
});

test('wild weather drops and doubles frames, and never reorders them', () => {
  let [dropped, doubled] = [0, 0];
  for (let seed = 0; seed < 30; seed++) {
    const { a, b, network, run } = setUp(seed, { ...wild, dialFailureChance: 0, strayChance: 0 });
    network.dial(a, 1, n2);
    run();
    for (let i = 0; i < 100; i++) network.send(a, 1, frame(i));
    run();
    const numbers = b.frames as number[];
    expect(numbers).toEqual([...numbers].sort((x, y) => x - y));
    const distinct = new Set(numbers).size;
    dropped += 100 - distinct;
    doubled += numbers.length - distinct;
  }
  expect(dropped).toBeGreaterThan(0);
  expect(doubled).toBeGreaterThan(0);
});
