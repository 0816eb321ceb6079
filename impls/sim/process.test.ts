import { slotNamed } from '../../core/ids.ts';
import type { Effect, Machine, MachineEvent } from '../../core/machine.ts';
import { makeRandom } from '../../core/random.ts';
import { makeDigest } from './digest.ts';
import { makeDirections } from './directions.ts';
import { makeNetwork } from './network.ts';
import { makeProcess } from './process.ts';
import { makeScheduler } from './scheduler.ts';
import { calm } from './weather.ts';

const n1 = slotNamed('n1');

/** A process around a machine that answers each event with what `effectsOf` says. */
function setUp(effectsOf: (event: MachineEvent) => readonly Effect[], seed = 1) {
  const scheduler = makeScheduler();
  const random = makeRandom(seed);
  const directions = makeDirections([n1]);
  const network = makeNetwork({
    scheduler,
    random,
    directions,
    digest: makeDigest(),
    weather: calm,
    listener: () => 'refuses',
  });
  const seen: MachineEvent[] = [];
  const traced: string[] = [];
  const ended: string[] = [];
  const machine: Machine = {
    step: (event) => {
      seen.push({ ...event });
      return effectsOf(event);
    },
  };
  const process = makeProcess({
    name: 'p',
    place: 'clients',
    machine,
    scheduler,
    network,
    random,
    owner: {
      traced: (event) => traced.push(event),
      wantsReplacement: () => {},
      ended: (why) => ended.push(why),
      answered: () => {},
      broke: (thrown) => ended.push(String(thrown)),
    },
  });
  const run = (forMs: number): void => {
    scheduler.after(forMs, () => scheduler.stop());
    scheduler.run({ untilMs: Infinity, actionsMax: 10_000 });
  };
  return { process, seen, traced, ended, run, names: () => seen.map(nameOf) };
}

const nameOf = (event: MachineEvent): string => (event.type === 'timer' ? event.name : event.type);
const timer = (name: string, afterMs: number): Effect => ({ type: 'set-timer', name, afterMs });
const trace = (event: string): Effect => ({ type: 'trace', event, fields: {} });
const onStart =
  (...effects: Effect[]) =>
  (event: MachineEvent): readonly Effect[] =>
    event.type === 'start' ? effects : [];

test('timers fire once, a little late, the last setting counts, and cleared ones do not', () => {
  const { process, seen, names, run } = setUp(
    onStart(timer('a', 50), timer('b', 10), timer('a', 20), timer('c', 5), {
      type: 'clear-timer',
      name: 'c',
    }),
  );
  process.start();
  run(100);
  expect(names()).toEqual(['start', 'b', 'a']);
  expect(seen[2]!.now).toBeGreaterThanOrEqual(20);
  expect(seen[2]!.now).toBeLessThan(21);
});

test('a timer that was set again while its firing waited is void', () => {
  const { process, names, run } = setUp((event) => {
    if (event.type === 'start') return [timer('a', 10), timer('b', 12)];
    return nameOf(event) === 'a' ? [timer('b', 100)] : [];
  });
  process.start();
  process.stop();
  run(50);
  expect(names()).toEqual(['start']);
  process.resume();
  run(20);
  expect(names()).toEqual(['start', 'a']);
  run(100);
  expect(names()).toEqual(['start', 'a', 'b']);
});

test('stops nest, and after them both timers and messages may come first', () => {
  const firsts = new Set<string>();
  for (let seed = 0; seed < 20; seed++) {
    const { process, names, run } = setUp(onStart(timer('a', 10)), seed);
    process.start();
    process.stop();
    process.stop();
    process.invoke({ f: 'x', key: null, value: null, seq: 1 });
    run(50);
    process.resume();
    run(50);
    expect(names()).toEqual(['start']);
    process.resume();
    run(1);
    expect([...names()].sort()).toEqual(['a', 'invoke', 'start']);
    firsts.add(names()[1]!);
  }
  expect(firsts.size).toBe(2);
});

test('a slow process hears everything later, in order', () => {
  const { process, seen, run } = setUp(() => []);
  process.slow(30);
  process.start();
  run(10);
  process.slow(5);
  process.invoke({ f: 'x', key: null, value: null, seq: 1 });
  run(100);
  expect(seen.map((event) => [event.type, event.now])).toEqual([
    ['start', 30],
    ['invoke', 30],
  ]);
});

test('dies within a step after a share of its effects', () => {
  const lengths = [0, 0.3, 0.5, 0.99].map((keptShare) => {
    const { process, traced, ended } = setUp(onStart(trace('a'), trace('b'), trace('c')));
    process.arm({ type: 'step', skip: 0, keptShare });
    process.start();
    expect(ended).toEqual(['armed']);
    expect(process.isAlive).toBe(false);
    return traced.length;
  });
  expect(lengths).toEqual([0, 1, 2, 3]);
});

test('dies before or after the nth frame of a kind, and not once disarmed', () => {
  const send: Effect = { type: 'send', connection: 9, frame: { kind: 'beat', payload: 1 } };
  const beats = () => setUp(onStart(send, trace('a'), send, trace('b')));
  for (const [isBefore, nth, expected] of [
    [true, 1, []],
    [false, 1, []],
    [true, 2, ['a']],
    [false, 2, ['a']],
    [true, 3, ['a', 'b']],
  ] as const) {
    const { process, traced } = beats();
    process.arm({ type: 'send', kind: 'beat', nth, isBefore });
    process.start();
    expect(traced).toEqual(expected);
    expect(process.isAlive).toBe(nth === 3);
  }
  const { process } = beats();
  process.arm({ type: 'send', kind: 'beat', nth: 1, isBefore: true });
  process.disarm();
  process.start();
  expect(process.isAlive).toBe(true);
});

test('what it does after its exit, or after it threw, does not happen', () => {
  const exits = setUp(onStart({ type: 'exit', reason: 'excluded' }, trace('late')));
  exits.process.start();
  expect([exits.ended, exits.traced]).toEqual([['excluded'], []]);
  const throws = setUp(() => {
    throw new Error('no');
  });
  throws.process.start();
  throws.process.start();
  expect(throws.ended).toEqual(['Error: no']);
});

test('is never told of a connection that it closed itself', () => {
  const { process, names, run } = setUp(
    onStart({ type: 'dial', connection: 1, slot: n1 }, { type: 'close', connection: 1 }),
  );
  process.start();
  run(100);
  expect(names()).toEqual(['start']);
  const other = setUp(onStart({ type: 'dial', connection: 1, slot: n1 }));
  other.process.start();
  other.run(100);
  expect(other.names().at(-1)).toBe('closed');
});
