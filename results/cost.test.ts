import { expect, test } from '@jest/globals';
import type { TraceEvent } from '../core/trace.ts';
import { nanos } from '../core/units.ts';
import { costOf } from './cost.ts';

const traffic = (
  ms: number,
  phase: string,
  links: Record<string, { frames: number; bytes: number }>,
): TraceEvent => ({
  time: nanos(ms * 1e6),
  node: 'harness',
  event: 'traffic',
  phase,
  links,
});

const trace = [
  traffic(0, 'warm-up', { 'n1>n2': { frames: 10, bytes: 1000 } }),
  traffic(500, 'faults', { 'n1>n2': { frames: 60, bytes: 6000 } }),
  traffic(5000, 'final-reads', {
    'n1>n2': { frames: 110, bytes: 11_000 },
    'n2>n1': { frames: 40, bytes: 2000 },
    'clients>n1': { frames: 20, bytes: 3000 },
    'client@n1>n1': { frames: 10, bytes: 1000 },
  }),
  traffic(5100, 'stop', { 'n1>n2': { frames: 999, bytes: 99_999 } }),
];

test('what was sent before the load and after it is nobody’s cost', () => {
  expect(costOf(trace, 50)).toEqual({
    operations: 50,
    betweenNodes: { messages: 140, bytes: 12_000 },
    withClients: { messages: 30, bytes: 4000 },
    links: {
      'client@n1>n1': { messages: 10, bytes: 1000 },
      'clients>n1': { messages: 20, bytes: 3000 },
      'n1>n2': { messages: 100, bytes: 10_000 },
      'n2>n1': { messages: 40, bytes: 2000 },
    },
    messagesPerOperation: 3.4,
    bytesPerOperation: 320,
  });
});

test('without operations there is no cost of one', () => {
  expect(costOf(trace, 0)).toMatchObject({ messagesPerOperation: null, bytesPerOperation: null });
});

test('a record that breaks off, or is older than the counts, has no cost', () => {
  expect(costOf(trace.slice(0, 2), 50)).toBeNull();
  expect(costOf([], 50)).toBeNull();
});

test('an interrupted run ends its load with its stop', () => {
  expect(costOf([...trace.slice(0, 2), ...trace.slice(3)], 50)?.betweenNodes.messages).toBe(989);
});
