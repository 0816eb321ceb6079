import { expect, test } from '@jest/globals';
import type { JsonObject } from '../core/json.ts';
import type { TraceEvent } from '../core/trace.ts';
import { nanos } from '../core/units.ts';
import { resourcesOf } from './resources.ts';

const line = (ms: number, event: string, fields: JsonObject): TraceEvent => ({
  time: nanos(ms * 1e6),
  node: 'harness',
  event,
  ...fields,
});
const sample = (ms: number, processes: Record<string, readonly [number, number, number]>): TraceEvent =>
  line(ms, 'resources', {
    processes: Object.fromEntries(
      Object.entries(processes).map(([id, [cpuMs, rssBytes, rssMaxBytes]]) => [
        id,
        { cpuMs, rssBytes, rssMaxBytes },
      ]),
    ),
  });

const trace = [
  sample(0, { 'n1.0': [70, 40, 45], 'n2.0': [80, 40, 40] }),
  line(1, 'traffic', { phase: 'warm-up', links: {} }),
  sample(250, { 'n1.0': [170, 50, 50], 'n2.0': [90, 42, 42] }),
  sample(500, { 'n1.0': [270, 60, 65], 'n2.0': [100, 44, 44] }), // n1.0 is killed after this
  sample(750, { 'n1.1': [60, 30, 31], 'n2.0': [110, 46, 46] }),
  sample(1000, { 'n1.1': [90, 40, 40], 'n2.0': [120, 48, 48] }),
  line(1001, 'traffic', { phase: 'final-reads', links: {} }),
  sample(1250, { 'n1.1': [999, 999, 999], 'n2.0': [999, 999, 999] }),
];

test('incarnations of a slot add up; what was used before the load does not count', () => {
  expect(resourcesOf(trace)).toEqual({
    nodes: {
      n1: { cpuMs: 270 - 70 + 90, rssMeanBytes: 45, rssMaxBytes: 65, samples: 4 },
      n2: { cpuMs: 40, rssMeanBytes: 45, rssMaxBytes: 48, samples: 4 },
    },
  });
});

test('without samples nothing is claimed', () => {
  expect(resourcesOf([])).toBeNull();
  expect(resourcesOf(trace.filter(({ event }) => event === 'traffic'))).toBeNull();
});
