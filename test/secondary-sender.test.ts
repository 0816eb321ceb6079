/** That it is secondary sender and not something of the same name: read from what the link proxies count, which no node can colour. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { slotNamed } from '../core/ids.ts';
import type { Plan } from '../core/plan.ts';
import type { TraceEvent } from '../core/trace.ts';
import { millis } from '../core/units.ts';
import { ClientShell } from '../harness/client-shell.ts';
import { Cluster } from '../harness/cluster.ts';
import { TraceWriter } from '../harness/trace-writer.ts';
import { makeClient } from '../impls/client.ts';
import { planFor } from './cluster-plan.ts';
import { entries, linesOf, makeFolder, until } from './processes.ts';

const [n1, n2, n3] = [slotNamed('n1'), slotNamed('n2'), slotNamed('n3')];

async function launch(logging: 'early' | 'late') {
  const folder = makeFolder();
  const trace = new TraceWriter(join(folder.path, 'trace.jsonl'));
  const plan: Plan = planFor('somersault', 3);
  const cluster = await Cluster.launch({
    plan: { ...plan, impl: { ...plan.impl, options: { logging } } },
    runDir: folder.path,
    entries,
    layer: 'somersault',
    trace,
    readyMs: millis(15_000),
    signal: new AbortController().signal,
  });
  const roles = (): string[] => cluster.describe().map(({ role }) => role);
  await until(() => roles().join() === 'primary,secondary,witness');
  const client = new ClientShell({
    machine: makeClient({ client: 'c1', epoch: 1, mode: 'unit', targets: [n1, n2, n3], retryMs: 60_000 }),
    address: (slot) => cluster.clientAddress('clients', slot),
  });
  let seq = 0;
  return {
    cluster,
    write: (value: number) => client.perform({ f: 'write', key: 'x', value, seq: ++seq }, 5000),
    frames: (direction: string, kind: string) => cluster.counters().get(`frames:${direction}:${kind}`) ?? 0,
    trace: (): TraceEvent[] => linesOf(readFileSync(join(folder.path, 'trace.jsonl'), 'utf8')),
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await cluster[Symbol.asyncDispose]();
      trace.close();
      folder[Symbol.dispose]();
    },
  };
}

test.each(['late', 'early'] as const)(
  'requests reach the primary alone, replies leave the secondary alone (%s logging)',
  async (logging) => {
    await using unit = await launch(logging);
    const writes = 50;
    for (let value = 1; value <= writes; value++)
      expect(await unit.write(value)).toEqual({ type: 'answer', value: null });
    const counted = (kind: string, directions: readonly string[]) =>
      directions.map((direction) => unit.frames(direction, kind));
    const toNodes = ['clients>n1', 'clients>n2', 'clients>n3'];
    const fromNodes = ['n1>clients', 'n2>clients', 'n3>clients'];
    expect(counted('output', toNodes)).toEqual([writes, 0, 0]);
    expect(counted('output', fromNodes)).toEqual([0, writes, 0]);
    // Acknowledgements leave from the sender too.
    expect(counted('output-ack', fromNodes)).toEqual([0, expect.any(Number), 0]);
    // One record for each request goes down the logging channel, and none comes back.
    expect(unit.frames('n1>n2', 'log')).toBeGreaterThanOrEqual(writes);
    expect(counted('log', ['n2>n1', 'n1>n3', 'n3>n1', 'n2>n3', 'n3>n2'])).toEqual([0, 0, 0, 0, 0]);
  },
);

/** Held for so long, which is well below the time-out of a failure detector. */
const heldMs = 80;
const triesMax = 5;

test('no reply leaves while the logging channel is held', async () => {
  for (let i = 0; i < triesMax; i++) {
    await using unit = await launch('late');
    const consumed = (node: string): number =>
      unit.trace().filter((line) => line.node === node && line.event === 'consumed').length;
    await unit.write(1);
    const replies = unit.frames('n2>clients', 'output');
    unit.cluster.hold({ from: n1, to: n2 });
    const waiting = unit.write(2);
    await until(() => consumed('n1.0') >= 2);
    await sleep(heldMs);
    const held = { n1: unit.frames('n1>clients', 'output'), n2: unit.frames('n2>clients', 'output') };
    const consumedBySecondary = consumed('n2.0');
    unit.cluster.release({ from: n1, to: n2 });
    const answer = await waiting;
    // On a machine so busy that somebody was suspected meanwhile, roles have moved.
    if (unit.trace().some(({ event }) => event === 'change')) continue;
    expect(held).toEqual({ n1: 0, n2: replies });
    expect(consumedBySecondary).toBe(1);
    expect(answer).toEqual({ type: 'answer', value: null });
    expect(unit.frames('n2>clients', 'output')).toBe(replies + 1);
    expect(unit.frames('n1>clients', 'output')).toBe(0);
    return;
  }
  throw new Error(`somebody was suspected in each of ${triesMax} tries of ${heldMs} ms`);
});
