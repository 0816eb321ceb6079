/** Primary, secondary and witness are killed in turn, each as soon as the unit is at full strength again: nothing is lost, doubled or put out of order. */
import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TraceEvent } from '../core/trace.ts';
import { allGone, judged, latest, nodePids } from './command-line.ts';
import { linesOf, makeFolder } from './processes.ts';

const roles = ['primary', 'secondary', 'witness'];

/** The role of each process that lives at this time, as it told of itself last. */
function rolesAt(trace: readonly TraceEvent[], time: number): string[] {
  const roleOf = new Map<string, string>();
  for (const { event, node, time: when, role } of trace) {
    if (when > time) continue;
    if (event === 'node-start') roleOf.set(node, 'none yet');
    if (event === 'role') roleOf.set(node, role as string);
  }
  for (const { event, node, time: when } of trace) {
    if (event === 'node-exit' && when <= time) roleOf.delete(node);
  }
  return [...roleOf.values()].sort();
}

test.each([
  ['late', 'whole', 9],
  ['early', 'fuzzy', 6],
])('%s logging, %s transfer: %i kills', async (logging, transfer, kills) => {
  using folder = makeFolder();
  const { verdict, stderr } = await judged(
    folder.path,
    '--impl=somersault',
    `--logging=${logging}`,
    `--transfer=${transfer}`,
    '--workload=rpc',
    '--nemesis=kill:in-turn',
    `--faults=${kills}`,
    `--duration=${Math.ceil(1.6 * kills + 2)}s`,
    '--seed=1',
  );
  expect({ verdict: verdict.verdict, reason: verdict.reason, stderr }).toMatchObject({ verdict: 'valid' });
  expect(verdict.withinClaim).toBe(true);
  for (const name of ['linearizable', 'at-most-once', 'group', 'liveness', 'vacuity', 'failover']) {
    expect({ name, verdict: verdict.properties[name]?.verdict }).toEqual({ name, verdict: 'valid' });
  }
  expect(verdict.faults.map(({ name }) => name)).toEqual(
    Array.from({ length: kills }, (_, i) => `kill:${roles[i % roles.length]}`),
  );

  const runDir = latest(folder.path);
  const trace = linesOf<TraceEvent>(readFileSync(join(runDir, 'trace.jsonl'), 'utf8')).sort(
    (a, b) => a.time - b.time,
  );
  const begins = trace.filter(({ event }) => event === 'fault-begin');
  expect(begins).toHaveLength(kills);
  for (const { time } of begins) expect(rolesAt(trace, time)).toEqual(roles);
  const stop = trace.find(({ event, phase }) => event === 'phase' && phase === 'stop');
  expect(rolesAt(trace, stop?.time ?? 0)).toEqual(roles);
  await allGone(nodePids(runDir));
});
