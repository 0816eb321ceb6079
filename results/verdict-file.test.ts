import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import type { RecordedRun } from '../core/checker.ts';
import type { EventType, HistoryEvent } from '../core/history.ts';
import type { JsonObject } from '../core/json.ts';
import type { Plan } from '../core/plan.ts';
import type { TraceEvent } from '../core/trace.ts';
import { millis, nanos } from '../core/units.ts';
import type { PropertyResult } from '../core/verdict.ts';
import type { Paint } from './summary.ts';
import { renderSummary } from './summary.ts';
import { verdictFileOf, type VerdictInput } from './verdict-file.ts';
import { verdictJsonSchema, verdictSchema } from './verdict-schema.ts';

const plan: Plan = {
  format: 'ftcheck-plan-1',
  version: '0.1.0',
  seed: 42,
  impl: {
    name: 'passive',
    options: { acks: 'all' },
    claims: { tolerates: 'majority', outageMsMax: millis(2000), text: 'safe' },
  },
  workload: { name: 'kv', options: { keys: 5 }, model: 'kv', app: 'kv' },
  nemesis: 'kill:primary',
  nodes: 3,
  clients: 5,
  rate: null,
  pinned: true,
  opTimeoutMs: millis(1000),
  timing: 'default',
  serviceMs: millis(0),
  phases: {
    warmUpMs: millis(500),
    faultsMs: millis(3300),
    settleMs: millis(1200),
    finalReadsMs: millis(2000),
  },
  faults: [],
  checkers: ['linearizable'],
  checkerLimits: { timeMs: millis(30_000), memoryMb: 1024 },
  slos: [],
};

const at = (ms: number) => nanos(ms * 1e6);
const traced = (ms: number, event: string, fields: JsonObject = {}, node = 'harness'): TraceEvent => ({
  time: at(ms),
  node,
  event,
  ...fields,
});
const recorded = (index: number, ms: number, process: number, type: EventType, f: string): HistoryEvent => ({
  index,
  time: at(ms),
  process,
  type,
  f,
  key: 'k1',
  value: type === 'ok' ? 1 : null,
});

const history = [
  recorded(0, 10, 0, 'invoke', 'read'),
  recorded(1, 12, 0, 'ok', 'read'),
  recorded(2, 20, 1, 'invoke', 'write'),
  recorded(3, 25, 1, 'ok', 'write'),
  recorded(4, 900, 2, 'invoke', 'write'),
];
const trace = [
  traced(0, 'phase', { phase: 'warm-up' }),
  traced(500, 'phase', { phase: 'faults' }),
  traced(700, 'fault-begin', { id: 'f1', fault: 'kill:primary', class: 'crash', target: 'primary' }),
  traced(701, 'fault-effect', { id: 'f1', targets: ['n2'], impaired: ['n2'] }),
  traced(1000, 'lag', { maxMs: 3.5 }),
  traced(1400, 'fault-heal', { id: 'f1' }),
  traced(1401, 'fault-end', {
    id: 'f1',
    evidence: [{ counter: 'exits.SIGKILL:n2', before: 0, after: 1 }],
    effect: true,
  }),
  traced(5000, 'phase', { phase: 'final-reads' }),
];

const outage = {
  id: 'f1',
  fault: 'kill:primary',
  target: 'n2',
  outageMs: 312.25,
  phases: { detectMs: 130, agreeMs: 170.5, recoverMs: 312.25, fullStrengthMs: null },
  judged: true,
};
const good: Readonly<Record<string, PropertyResult>> = {
  'well-formed': { verdict: 'valid', reason: '5 events, each as it should be' },
  linearizable: { verdict: 'valid', reason: '1 key, 3 operations' },
  failover: {
    verdict: 'valid',
    reason: '1 outage, 312 ms',
    details: { outages: [outage] },
  },
  liveness: { verdict: 'not-owed', reason: 'no majority' },
  vacuity: {
    verdict: 'valid',
    reason: 'all goals reached',
    details: { goals: [{ name: 'ok writes', required: true, reached: true, count: 1, minimum: 1 }] },
  },
};

const verdictOf = (changes: Partial<VerdictInput> & { readonly run?: RecordedRun } = {}) =>
  verdictFileOf({
    run: { plan, history, trace, damage: { history: [], trace: [] } },
    properties: good,
    withinClaim: true,
    checkersMs: { linearizable: 12.34567 },
    interrupted: null,
    trouble: null,
    wallMs: 6123.4567,
    date: new Date('2026-11-21T11:42:07Z'),
    runDir: 'ftcheck-runs/x',
    command: 'npx ftcheck run --impl=passive --seed=42',
    ...changes,
  });

const same = (text: string): string => text;
const plain: Paint = { bold: same, dim: same, green: same, red: same, yellow: same, inverse: same };
const summaryOf = (changes: Parameters<typeof verdictOf>[0] = {}): string[] =>
  renderSummary(verdictOf(changes), plain).split('\n');

test('verdict.json of a small run', () => {
  const verdict = verdictOf();
  expect(verdictSchema.parse(JSON.parse(JSON.stringify(verdict)))).toEqual(verdict);
  expect(verdict).toMatchObject({
    verdict: 'valid',
    reason: '4 properties of passive held under kill:primary',
    seed: 42,
    operations: { invoked: 3, ok: 2, fail: 0, info: 1 },
    latency: { count: 2, maxMs: 5 },
    throughput: { opsPerSecond: 0.4 },
    goals: [{ name: 'ok writes', reached: true }],
    harness: { lagMsMax: 3.5 },
    durationMs: 5000,
    wallMs: 6123.457,
  });
  expect(verdict.properties.failover?.outages).toEqual([outage]);
  expect(verdict.faults).toEqual([
    {
      id: 'f1',
      name: 'kill:primary',
      class: 'crash',
      target: 'n2',
      plannedTarget: 'primary',
      impaired: ['n2'],
      beginNs: 700e6,
      endNs: 1401e6,
      effect: true,
      evidence: [{ counter: 'exits.SIGKILL:n2', before: 0, after: 1 }],
    },
  ]);
});

test('the published schema is the one of the code', () => {
  const file = new URL('../docs/schema/verdict.schema.json', import.meta.url);
  // To renew it: node --import tsx scripts/schema.mjs
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(verdictJsonSchema())));
});

test('invalid beats unknown, and names the broken property', () => {
  const properties = {
    ...good,
    vacuity: { verdict: 'unknown', reason: 'too few operations' },
    linearizable: { verdict: 'invalid', reason: 'k1: read 3 after 4 was acknowledged' },
  } as const;
  expect(verdictOf({ properties, interrupted: 'SIGINT', trouble: 'disk full' })).toMatchObject({
    verdict: 'invalid',
    reason: 'linearizable: k1: read 3 after 4 was acknowledged',
  });
});

test('a run that was cut short, by whomever, is not valid', () => {
  expect(verdictOf({ interrupted: 'SIGINT' })).toMatchObject({
    verdict: 'unknown',
    reason: 'interrupted by SIGINT before the end',
  });
  expect(verdictOf({ trouble: 'no space left on device' })).toMatchObject({ verdict: 'unknown' });
  expect(verdictOf({ trouble: 'no space left on device' }).reason).toContain('no space left on device');
});

test('SLOs are a property, and distrusted where the harness starved', () => {
  const judged = (slos: readonly string[], more: readonly TraceEvent[] = []) =>
    verdictOf({
      run: {
        plan: { ...plan, slos },
        history,
        trace: [...trace, ...more],
        damage: { history: [], trace: [] },
      },
    });
  expect(judged(['outage.max<1s'])).toMatchObject({
    verdict: 'valid',
    properties: { slo: { verdict: 'valid' } },
  });
  const violated = judged(['outage.max<1s', 'outage.max<300ms']);
  expect(violated.verdict).toBe('invalid');
  expect(violated.reason).toBe('slo: outage.max<300ms: violated, measured 312.25 ms (1 outage)');
  expect(judged(['outage.max<300ms'], [traced(2000, 'lag', { maxMs: 700 })])).toMatchObject({
    verdict: 'unknown',
    slos: [{ verdict: 'unknown', actual: null }],
  });
});

test('the summary begins with the verdict and ends with the command', () => {
  const lines = summaryOf();
  expect(lines[1]).toBe(' VALID  4 properties of passive held under kill:primary');
  expect(lines.at(-2)).toBe('npx ftcheck run --impl=passive --seed=42');
  expect(lines).toContain(
    'Ran         passive (acks=all) on 3 nodes, workload kv, 5 clients and one pinned to each node in closed loop, 5 s, 6.12 s in all, seed 42',
  );
  expect(lines).toContain(
    'Broke       f1 kill:primary  n2 (primary) at 0.70 s for 701 ms: n2 killed by SIGKILL',
  );
  expect(lines).toContain('Clients     3 operations: 2 ok, 0 fail, 1 info, 0 ok/s');
  expect(lines).toContain(
    'Outages     f1 n2: back after 312 ms (at most 2 s allowed), detected at 130 ms, new view at 171 ms, working in it at 312 ms',
  );
  expect(lines).toContain('            ✓ linearizable  1 key, 3 operations');
  expect(lines).toContain('            - liveness      not owed: no majority');
  expect(lines.some((line) => line.startsWith('Goals'))).toBe(false);
});

test('the summary shows the goals when one is missing', () => {
  const goals = [
    { name: 'ok writes', required: true, reached: true, count: 7, minimum: 1 },
    { name: 'view changed', required: true, reached: false, count: 0, minimum: 1 },
    { name: 'nice to know', required: false, reached: false, count: 0, minimum: 1 },
  ];
  const vacuity: PropertyResult = { verdict: 'unknown', reason: 'no view changed', details: { goals } };
  const lines = summaryOf({ properties: { ...good, vacuity } });
  expect(lines[1]).toBe(' UNKNOWN  vacuity: no view changed');
  expect(lines).toContain('            MISSING  view changed  0 of 1');
});

test('a run without faults says that it proved nothing about them', () => {
  const run = { plan: { ...plan, nemesis: 'none' }, history, trace: [], damage: { history: [], trace: [] } };
  const lines = summaryOf({ run });
  expect(lines[1]).toContain('proves nothing about faults');
  expect(lines.find((line) => line.startsWith('Broke'))).toContain('proves nothing about faults');
});

test('long lines fit a narrow terminal, and colours take no room', () => {
  const reason = `k1: ${'read 3 after 4 was acknowledged, '.repeat(8)}end. More.`;
  const properties = { ...good, linearizable: { verdict: 'invalid', reason } } as const;
  const marked = (text: string): string => `\x1b[31m${text}\x1b[39m`;
  const paint = { ...plain, red: marked };
  const lines = renderSummary(verdictOf({ properties }), paint, 80).split('\n');
  const body = lines.slice(3, -4);
  expect(Math.max(...body.map((line) => stripVTControlCharacters(line).length))).toBeLessThanOrEqual(80);
  expect(lines[1]).not.toContain('More.');
  expect(body.join(' ')).toContain('More.');
});
