import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VerdictFile } from '../results/verdict-schema.ts';

/** A run of two clients and two nodes, small enough to be checked by hand: n1, the primary, is killed at 2 ms. Times in milliseconds. */
const events = [
  [1, 'invoke', 0, 'write', 'x', 1, { request: 'c1/1/1' }],
  [1.5, 'ok', 0, 'write', 'x', null],
  [1.6, 'invoke', 1, 'read', 'x', null, { request: 'pn2/1/1', node: 'n2' }],
  [2, 'invoke', 0, 'write', 'x', 2, { request: 'c1/1/2', due: 1_900_000 }],
  [2.1, 'ok', 1, 'read', 'x', 1],
  [4, 'info', 0, 'write', 'x', 2, { error: 'timeout' }],
  [4.5, 'invoke', 2, 'cas', 'y', [1, 2], { request: 'c1/2/1' }],
  [4.9, 'fail', 2, 'cas', 'y', [1, 2], { error: 'refused' }],
  [6, 'invoke', 2, 'read', 'x', null, { request: 'c1/2/2', final: true }],
  [6.5, 'ok', 2, 'read', 'x', 2],
] as const;

const traced = [
  [0.1, 'n1.0', 'node-start', { pid: 1 }],
  [0.1, 'n2.0', 'node-start', { pid: 2 }],
  [0.2, 'n1.0', 'view', { view: 1, members: ['n1.0', 'n2.0'] }],
  [0.3, 'n1.0', 'role', { role: 'primary', view: 1 }],
  [0.2, 'n2.0', 'view', { view: 1, members: ['n1.0', 'n2.0'] }],
  [0.3, 'n2.0', 'role', { role: 'backup', view: 1 }],
  [0.5, 'harness', 'phase', { phase: 'warm-up' }],
  [1.2, 'n1.0', 'executed', { request: 'c1/1/1', view: 1, n: 1 }],
  [1.3, 'n2.0', 'executed', { request: 'c1/1/1', view: 1, n: 1 }],
  [1.8, 'harness', 'phase', { phase: 'faults' }],
  [2, 'harness', 'fault-begin', { id: 'f1', fault: 'kill:primary', class: 'crash', target: 'primary' }],
  [2.1, 'n1.0', 'node-exit', { code: null, signal: 'SIGKILL', expected: true }],
  [2.2, 'harness', 'fault-effect', { id: 'f1', targets: ['n1'], impaired: ['n1'] }],
  [2.5, 'n2.0', 'suspect', { peer: 'n1.0' }],
  [3, 'n2.0', 'view', { view: 2, members: ['n2.0'] }],
  [3, 'n2.0', 'role', { role: 'primary', view: 2 }],
  [3.2, 'n1.1', 'node-start', { pid: 3 }],
  [3.5, 'harness', 'lag', { maxMs: 12 }],
  [4, 'harness', 'fault-end', { id: 'f1', evidence: [{ counter: 'exits.SIGKILL:n1', before: 0, after: 1 }] }],
  [5, 'harness', 'phase', { phase: 'final-reads' }],
  [7, 'harness', 'phase', { phase: 'end' }],
] as const;

const jsonLines = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');

const historyText = (): string =>
  jsonLines(
    events.map(([ms, type, process, f, key, value, more], index) => ({
      index,
      time: Math.round(ms * 1e6),
      type,
      process,
      f,
      key,
      value,
      ...more,
    })),
  );

const traceText = (): string =>
  jsonLines(traced.map(([ms, node, event, more]) => ({ time: Math.round(ms * 1e6), node, event, ...more })));

export const sampleVerdict = (changes: Partial<VerdictFile> = {}): VerdictFile => ({
  format: 'ftcheck-verdict-1',
  verdict: 'valid',
  reason: '2 properties of passive held under kill:primary',
  seed: 7,
  impl: 'passive',
  implOptions: { acks: 'all' },
  workload: 'kv',
  workloadOptions: {},
  nemesis: 'kill:primary',
  nodes: 2,
  clients: 1,
  pinned: true,
  rate: null,
  withinClaim: true,
  claim: { tolerates: 'majority', outageMsMax: 2000, text: 'safe under crashes' },
  operations: { invoked: 5, ok: 3, fail: 1, info: 1, byKind: {} },
  properties: {
    linearizable: { verdict: 'valid', reason: 'all 5 operations fit into one order' },
    failover: {
      verdict: 'valid',
      reason: 'longest outage 3 ms',
      outages: [
        {
          id: 'f1',
          fault: 'kill:primary',
          target: 'n1',
          outageMs: 2.5,
          phases: { detectMs: 0.3, agreeMs: 0.8, recoverMs: null, fullStrengthMs: null },
          judged: true,
        },
      ],
    },
  },
  latency: { count: 1, p50Ms: 0.5, p90Ms: 0.5, p99Ms: 0.5, maxMs: 0.5, byKind: {} },
  throughput: { opsPerSecond: 400, measuredMs: 4.5 },
  goals: [{ name: 'ok write', required: true, reached: true, count: 1, minimum: 1 }],
  faults: [
    {
      id: 'f1',
      name: 'kill:primary',
      class: 'crash',
      target: 'n1',
      plannedTarget: 'primary',
      impaired: ['n1'],
      beginNs: 2_000_000,
      endNs: 4_000_000,
      effect: true,
      evidence: [{ counter: 'exits.SIGKILL:n1', before: 0, after: 1 }],
    },
  ],
  slos: [],
  harness: { interrupted: null, trouble: null, lagMsMax: 12, checkersMs: null, damage: [] },
  environment: {
    ftcheck: '0.1.0',
    node: '20.20.2',
    platform: 'linux x64',
    cpus: 2,
    date: '2026-11-21T10:00:00.000Z',
  },
  durationMs: 5,
  wallMs: 7,
  runDir: 'ftcheck-runs/sample',
  command: 'npx ftcheck run --impl=passive --seed=7',
  ...changes,
});

/** Puts the files of the sample run into a folder; what is given stands in the place of the usual text. */
export function writeSampleRun(
  folder: string,
  texts: { readonly verdict?: VerdictFile; readonly history?: string; readonly trace?: string } = {},
): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'plan.json'), '{"format":"ftcheck-plan-1"}');
  writeFileSync(join(folder, 'history.jsonl'), texts.history ?? historyText());
  writeFileSync(join(folder, 'trace.jsonl'), texts.trace ?? traceText());
  writeFileSync(join(folder, 'verdict.json'), JSON.stringify(texts.verdict ?? sampleVerdict()));
}

export const sampleTexts = { history: historyText, trace: traceText } as const;
