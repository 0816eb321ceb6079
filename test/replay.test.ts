import { readdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { slotNamed } from '../core/ids.ts';
import { encodeFrame } from '../core/protocol.ts';
import { millis } from '../core/units.ts';
import { Cluster } from '../harness/cluster.ts';
import { TraceWriter } from '../harness/trace-writer.ts';
import { seededChance } from '../impls/node/chance.ts';
import { replayEvents, type EventLine } from '../impls/node/replay.ts';
import { makeReplica } from '../impls/replica-registry.ts';
import { planFor } from './cluster-plan.ts';
import { entries, linesOf, makeFolder, until } from './processes.ts';

const [n1, n2] = [slotNamed('n1'), slotNamed('n2')];

async function dial(cluster: Cluster, client: number): Promise<Socket> {
  const socket = connect(cluster.clientAddress('clients', cluster.slots[client]!));
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket.resume();
}

function ask(socket: Socket, client: number, seq: number): void {
  const id = { client: `c${client}`, epoch: 1, seq, acked: seq - 1, here: true };
  const request = { ...id, f: 'write', key: `k${seq % 3}`, value: seq };
  if (!socket.destroyed) socket.write(encodeFrame({ kind: 'request', payload: { request } }));
}

test.each(['passive', 'active'])(
  'what the nodes of %s logged in a run with faults, replayed through fresh cores, has the same effects',
  async (layer) => {
    using folder = makeFolder();
    const trace = new TraceWriter(join(folder.path, 'trace.jsonl'));
    const cluster = await Cluster.launch({
      plan: planFor(layer, 3),
      runDir: folder.path,
      entries,
      layer,
      trace,
      readyMs: millis(15_000),
      signal: new AbortController().signal,
      eventLogs: true,
    });
    {
      await using _cluster = cluster;
      const sockets = await Promise.all(cluster.slots.map((_, client) => dial(cluster, client)));
      cluster.delay({ from: n1, to: n2 }, { delayMs: millis(5), jitterMs: millis(5) });
      for (let seq = 1; seq <= 60; seq++) {
        for (const [client, socket] of sockets.entries()) ask(socket, client, seq);
        if (seq === 20) cluster.stop(n2);
        if (seq === 50) cluster.kill(n1, 'process');
        await sleep(10);
      }
      cluster.resume(n2);
      await until(() => cluster.incarnation(n1) > 0 || cluster.incarnation(n2) > 0, 5_000);
      await sleep(300);
      for (const socket of sockets) socket.destroy();
    }
    trace.close();
    const logs = readdirSync(join(folder.path, 'nodes')).filter((name) => name.endsWith('.events.jsonl'));
    expect(logs.length).toBeGreaterThan(3);
    for (const log of logs) {
      const lines = linesOf<EventLine>(readFileSync(join(folder.path, 'nodes', log), 'utf8'));
      const header = lines[0]!;
      if (!('config' in header)) throw new Error(`${log} has no header`);
      const machine = await makeReplica(header.config, seededChance(header.seed));
      expect([log, replayEvents(machine, lines)]).toEqual([log, { equal: true, events: expect.any(Number) }]);
    }
  },
);
