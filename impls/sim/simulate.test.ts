import type { PlannedFault } from '../../core/fault.ts';
import { operationsOf } from '../../core/history.ts';
import { slotNamed } from '../../core/ids.ts';
import type { Machine } from '../../core/machine.ts';
import type { ActiveFault, ClusterControl, Nemesis } from '../../core/nemesis.ts';
import { millis } from '../../core/units.ts';
import { chaosOfSeed } from './schedule.ts';
import { calm } from './weather.ts';
import { makeToyReplica, simulateToy } from './toy.ts';

const [n1, n2, n3] = [slotNamed('n1'), slotNamed('n2'), slotNamed('n3')];

/** Plays one fault, 500 ms long, 100 ms after the phase of faults began. */
function withFault(inject: (cluster: ClusterControl) => Partial<ActiveFault>, seed = 1) {
  const nemesis: Nemesis = {
    name: 'test',
    class: 'none',
    description: '',
    variants: [],
    takesRole: false,
    schedule: () => [],
    inject: (_, cluster) => ({
      targets: [n1],
      impaired: [n1],
      evidence: [],
      heal: () => {},
      ...inject(cluster),
    }),
  };
  const fault: PlannedFault = {
    id: 'f1',
    nemesis: 'test',
    name: 'test',
    class: 'none',
    atMs: millis(100),
    forMs: millis(500),
    target: 'any',
    options: {},
  };
  return simulateToy({ seed, faults: [fault] }, { nemeses: { test: nemesis } });
}

const timesOf = (result: ReturnType<typeof simulateToy>, event: string, node: string): number[] =>
  result.trace.filter((line) => line.event === event && line.node === node).map((line) => line.time / 1e6);
const endOf = (result: ReturnType<typeof simulateToy>) =>
  result.trace.find((line) => line.event === 'fault-end');
/** The phase of faults begins after 60 ms of starting and 200 of warming up. */
const [beginMs, healMs] = [360, 860];
const isDuring = (ms: number): boolean => ms > beginMs + 5 && ms < healMs;

test('a quiet run answers everything and ends by itself', () => {
  const result = simulateToy();
  expect(result.violations).toEqual([]);
  expect(result.finalReadsAnswered).toBe(true);
  expect(result.running).toEqual(['n1.0', 'n2.0', 'n3.0']);
  const operations = operationsOf(result.history);
  expect(operations.length).toBeGreaterThan(100);
  expect(operations.every(({ completion }) => completion?.type === 'ok')).toBe(true);
  expect(operations.every(({ invocation, completion }) => invocation.value === completion?.value)).toBe(true);
  expect(operations.at(-1)?.invocation).toMatchObject({ final: true, value: 'final' });
  expect(result.history.map((event) => event.index)).toEqual([...result.history.keys()]);
  const phases = result.trace.filter((line) => line.event === 'phase').map((line) => line['phase']);
  expect(phases).toEqual(['warm-up', 'faults', 'settle', 'final-reads', 'stop', 'end']);
});

test('a seed played twice is the same to the last bit, and no other seed is', () => {
  const play = (seed: number): string => simulateToy({ seed }, { chaos: chaosOfSeed(seed) }).traceHash;
  const seeds = Array.from({ length: 20 }, (_, i) => i);
  const hashes = seeds.map(play);
  expect(seeds.map(play)).toEqual(hashes);
  expect(new Set(hashes).size).toBe(20);
});

test('a held direction is silent, the other is not, and everything arrives after healing', () => {
  const result = withFault((cluster) => {
    cluster.hold({ from: n1, to: n2 });
    return { evidence: ['bytes-held:n1>n2'], heal: () => cluster.release({ from: n1, to: n2 }) };
  });
  const beats = (node: string) => result.trace.filter((line) => line.event === 'beat' && line.node === node);
  const during = beats('n2.0').filter((line) => isDuring(line.time / 1e6));
  const before = beats('n2.0').filter((line) => line.time / 1e6 < beginMs);
  // From n3 alone.
  expect(during.length).toBeGreaterThan(20);
  expect(during.length).toBeLessThan(26);
  expect(before.length).toBeGreaterThan(0);
  expect(beats('n1.0').filter((line) => isDuring(line.time / 1e6)).length).toBeGreaterThan(40);
  const lateness = beats('n2.0').map((line) => line.time / 1e6 - Number(line['sentAt']));
  expect(Math.max(...lateness)).toBeGreaterThan(450);
  expect(endOf(result)).toMatchObject({ effect: true });
});

test('a cut resets and refuses until it is mended', () => {
  const result = withFault((cluster) => {
    cluster.cut(n1, n2);
    return {
      evidence: ['connections-reset:n1-n2', 'connections-refused:n1-n2'],
      heal: () => cluster.mend(n1, n2),
    };
  });
  expect(endOf(result)?.['evidence']).toEqual([
    { counter: 'connections-reset:n1-n2', before: 0, after: 2 },
    { counter: 'connections-refused:n1-n2', before: 0, after: expect.any(Number) as number },
  ]);
  expect(timesOf(result, 'lost', 'n1.0').filter((ms) => ms > beginMs - 1 && ms < beginMs + 5)).toHaveLength(
    1,
  );
  const found = result.trace.filter(
    (line) => line.event === 'found' && line['slot'] === 'n2' && line.node === 'n1.0',
  );
  expect(found.filter((line) => isDuring(line.time / 1e6))).toEqual([]);
  expect(found.filter((line) => line.time / 1e6 > healMs)).toHaveLength(1);
});

test('faults in turn begin one after another, each at full strength', () => {
  const nemesis: Nemesis = {
    name: 'test',
    class: 'crash',
    description: '',
    variants: [],
    takesRole: false,
    schedule: () => [],
    inject: ({ target }, cluster) => {
      const slot = slotNamed(target);
      expect(cluster.slots.every((one) => cluster.isRunning(one))).toBe(true);
      cluster.withholdReplacement(slot);
      cluster.kill(slot, 'process');
      const evidence = [`exits.SIGKILL:${target}`];
      return { targets: [slot], impaired: [slot], evidence, heal: () => cluster.allowReplacement(slot) };
    },
  };
  const faults = [n1, n3, n2].map((target, i): PlannedFault => {
    const times = { atMs: millis(100), forMs: millis(200), inTurn: true } as const;
    return { id: `f${i + 1}`, nemesis: 'test', name: 'test', class: 'crash', ...times, target, options: {} };
  });
  const result = simulateToy({ faults }, { nemeses: { test: nemesis } });
  const told = result.trace.filter(({ event }) => event === 'fault-effect' || event === 'fault-end');
  expect(told.map(({ event, id }) => `${id as string} ${event}`)).toEqual([
    ...['f1 fault-effect', 'f1 fault-end'],
    ...['f2 fault-effect', 'f2 fault-end'],
    ...['f3 fault-effect', 'f3 fault-end'],
  ]);
  expect(result.running).toEqual(['n1.1', 'n2.1', 'n3.1']);
});

test('a killed process is replaced by its next incarnation, once that is asked for and allowed', () => {
  const result = withFault((cluster) => {
    cluster.withholdReplacement(n1);
    expect(cluster.slotsWithRole('primary')).toEqual([n1]);
    cluster.kill(n1, 'process');
    expect(cluster.isRunning(n1)).toBe(false);
    expect(cluster.slotsWithRole('primary')).toEqual([]);
    return { evidence: ['exits.SIGKILL:n1'], heal: () => cluster.allowReplacement(n1) };
  });
  expect(result.running).toEqual(['n1.1', 'n2.0', 'n3.0']);
  expect(timesOf(result, 'node-exit', 'n1.0')).toHaveLength(1);
  expect(timesOf(result, 'lost', 'n2.0')[0]).toBeLessThan(beginMs + 5);
  const [startMs] = timesOf(result, 'node-start', 'n1.1');
  expect(startMs).toBeGreaterThan(healMs);
  expect(startMs).toBeLessThan(healMs + 130);
  expect(result.trace.find((line) => line.event === 'node-start' && line.node === 'n1.1')).toMatchObject({
    mode: 'join',
  });
  expect(endOf(result)).toMatchObject({ effect: true });
});

test('nobody sees the connections of a dead machine close', () => {
  const result = withFault((cluster) => {
    cluster.withholdReplacement(n1);
    cluster.kill(n1, 'host');
    return { evidence: ['closes-swallowed:n1'] };
  });
  expect(timesOf(result, 'lost', 'n2.0')).toEqual([]);
  expect(endOf(result)).toMatchObject({ effect: true });
  expect(result.running).toEqual(['n2.0', 'n3.0']);
});

test('a stopped process does nothing, forgets nothing, and goes on', () => {
  const result = withFault((cluster) => {
    cluster.stop(n1);
    return { evidence: ['stopped:n1'], heal: () => cluster.resume(n1) };
  });
  const active = result.trace.filter((line) => line.node === 'n1.0').map((line) => line.time / 1e6);
  expect(active.filter(isDuring)).toEqual([]);
  const beats = result.trace.filter((line) => line.event === 'beat' && line.node === 'n1.0');
  const late = beats.filter((line) => isDuring(Number(line['sentAt'])));
  expect(late.length).toBeGreaterThan(40);
  expect(endOf(result)).toMatchObject({ effect: true });
});

test('delays and holds nest', () => {
  const result = withFault((cluster) => {
    const direction = { from: n1, to: n3 };
    const delay = { delayMs: millis(40), jitterMs: millis(0) };
    cluster.delay(direction, delay);
    cluster.delay(direction, delay);
    cluster.hold(direction);
    cluster.hold(direction);
    cluster.release(direction);
    return {
      evidence: ['bytes-delayed:n1>n3'],
      heal: () => {
        cluster.release(direction);
        cluster.undelay(direction);
        cluster.undelay(direction);
      },
    };
  });
  const lateness = result.trace
    .filter((line) => line.event === 'beat' && line.node === 'n3.0')
    .map((line) => line.time / 1e6 - Number(line['sentAt']));
  expect(Math.max(...lateness)).toBeGreaterThan(450);
  const after = result.trace.filter((line) => line.event === 'beat' && line.time / 1e6 > healMs + 100);
  expect(Math.max(...after.map((line) => line.time / 1e6 - Number(line['sentAt'])))).toBeLessThan(20);
});

test('an operation without an answer is info, and its process number and stub retire', () => {
  const slow = simulateToy(
    { opTimeoutMs: millis(100) },
    {
      weather: { ...calm, latencyMsMin: 30, latencyMsMax: 60 },
    },
  );
  const given = operationsOf(slow.history).filter(({ completion }) => completion?.type === 'info');
  expect(given.length).toBeGreaterThan(10);
  for (const { invocation, completion } of given) {
    expect(completion).toMatchObject({ error: 'timeout', value: invocation.value });
    const later = slow.history.filter((event) => event.index > completion!.index);
    expect(later.some((event) => event.process === invocation.process)).toBe(false);
    const stub = /^.*\//.exec(invocation.request!)![0];
    expect(later.some((event) => event.request?.startsWith(stub) === true)).toBe(false);
  }
});

test('a step that throws is reported with process and time, and kills the process', () => {
  const makeMachine: typeof makeToyReplica = (config) => {
    const machine: Machine = makeToyReplica(config);
    return {
      step: (event) => {
        if (config.slot === n2 && event.now > 1_000) throw new Error('broken promise');
        return machine.step(event);
      },
    };
  };
  const result = simulateToy({}, { makeMachine });
  expect(result.violations[0]).toMatch(/^n2\.0 at 10\d\d\.\d+ ms: broken promise/);
  expect(result.running).not.toContain('n2.0');
});

test('a simulation that never ends is stopped and reported', () => {
  const result = simulateToy({}, { actionsMax: 500 });
  expect(result.violations[0]).toContain('did not come to its end');
});
