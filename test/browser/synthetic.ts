/** Runs that never were, of any size, from a seed: for what the page draws, not for what is true of a system. */
import { makeRandom, type Random } from '../../core/random.ts';
import {
  neverTick,
  noText,
  type Counterexample,
  type LatencyWindow,
  type OperationColumns,
  type ReportData,
} from '../../results/report/report-data.ts';
import type { VerdictFile } from '../../results/verdict-schema.ts';

export interface SyntheticOptions {
  readonly count: number;
  readonly seed: number;
  readonly verdict: VerdictFile['verdict'];
  readonly clients?: number;
}

const kinds = ['read', 'write', 'cas'];
const second = 1_000_000;

/** A report of a million operations has no room for what each of them said. */
const hasTexts = (count: number): boolean => count <= 200_000;

/** A run of 10 s, or of 30 s from a hundred thousand operations on: a kill, then a partition, each with an outage. */
export function syntheticRun(options: SyntheticOptions): ReportData {
  const end = (options.count < 100_000 ? 10 : 30) * second;
  const columns = columnsOf(options, end, makeRandom(options.seed));
  const counterexample = options.verdict === 'invalid' ? counterexampleOf(columns) : null;
  const clients = Array.from({ length: options.clients ?? 8 }, (_, index) => `c${index + 1}`);
  const [kill, cut] = [end * 0.3, end * 0.6];
  return {
    columns,
    facts: {
      verdict: verdictOf(options, columns),
      tickNs: 1000,
      end,
      kinds,
      clients,
      keys: ['k1', 'k2', 'k3', 'k4', 'k5'],
      texts: hasTexts(options.count)
        ? Array.from({ length: options.count }, (_, index) => String(index))
        : [],
      phases: [
        { name: 'warm-up', from: 0, to: end * 0.05 },
        { name: 'faults', from: end * 0.05, to: end * 0.85 },
        { name: 'settle', from: end * 0.85, to: end * 0.98 },
        { name: 'final-reads', from: end * 0.98, to: end },
      ],
      faults: [
        {
          id: 'f1',
          name: 'kill',
          class: 'crash',
          targets: ['n1'],
          begin: kill - 2000,
          effect: kill,
          end: kill + 800_000,
        },
        {
          id: 'f2',
          name: 'partition:majority-minority,hold',
          class: 'omission',
          targets: ['n2'],
          begin: cut - 20_000,
          effect: cut,
          end: cut + 0.15 * end,
        },
      ],
      nodes: nodesOf(kill, cut, end),
      outages: [
        {
          fault: 'f1',
          effect: kill,
          detected: kill + 110_000,
          agreed: kill + 150_000,
          recovered: kill + 190_000,
          fullStrength: kill + 1_400_000,
          back: kill + 200_000,
        },
        {
          fault: 'f2',
          effect: cut,
          detected: cut + 240_000,
          agreed: cut + 300_000,
          recovered: null,
          fullStrength: null,
          back: cut + 400_000,
        },
      ],
      lag: Array.from({ length: end / second }, (_, index) => ({
        at: (index + 1) * second,
        maxMs: index === 3 ? 30 : 2,
      })),
      windows: windowsOf(columns, { f1: [kill, kill + 800_000], f2: [cut, cut + 0.15 * end] }),
      counterexample,
    },
  };
}

function columnsOf({ count, clients = 8 }: SyntheticOptions, end: number, random: Random): OperationColumns {
  const columns: OperationColumns = {
    count,
    invoked: new Uint32Array(count),
    completed: new Uint32Array(count),
    due: new Uint32Array(count),
    outcome: new Uint8Array(count),
    kind: new Uint8Array(count),
    client: new Uint16Array(count),
    key: new Uint32Array(count),
    argument: new Int32Array(count).fill(noText),
    result: new Int32Array(count).fill(noText),
    point: new Uint32Array(count).fill(neverTick),
  };
  const step = (end * 0.99) / count;
  const busyUntil = new Float64Array(clients);
  for (let row = 0; row < count; row++) {
    const client = row % clients;
    const due = Math.floor(row * step);
    const invoked = Math.max(due, busyUntil[client]! + 1);
    const chance = random.unit();
    const isAway = [0.3, 0.6].some((share) => invoked > end * share && invoked < end * share + 200_000);
    const quick = Math.min(step * clients * 0.9, 900) * (0.25 + 0.7 * random.unit());
    const slow = chance > 0.999 ? 40_000 * random.unit() : 0;
    const latency = isAway && client % 2 === 0 ? 150_000 * (0.4 + random.unit()) : quick + slow;
    const outcome = isAway && chance < 0.5 ? 2 : chance < 0.0005 ? 1 : 0;
    const completed = Math.floor(invoked + Math.max(2, latency));
    busyUntil[client] = completed;
    columns.due[row] = due;
    columns.invoked[row] = invoked;
    columns.completed[row] = outcome === 2 && chance < 0.1 ? neverTick : completed;
    columns.outcome[row] = outcome;
    columns.kind[row] = Math.floor(random.unit() * 3);
    columns.client[row] = client;
    columns.key[row] = Math.floor(random.unit() * 5);
    const isRead = columns.kind[row] === 0;
    if (hasTexts(count) && !isRead) columns.argument[row] = row;
    if (hasTexts(count) && isRead) columns.result[row] = random.int(Math.max(0, row - 20), row);
    if (outcome === 0) columns.point[row] = invoked + Math.floor((completed - invoked) * random.unit());
  }
  return inOrder(columns);
}

/** Rows stand in order of invocation. */
function inOrder(columns: OperationColumns): OperationColumns {
  const order = Uint32Array.from({ length: columns.count }, (_, row) => row).sort(
    (a, b) => columns.invoked[a]! - columns.invoked[b]! || a - b,
  );
  const { count, ...rest } = columns;
  for (const column of Object.values(rest))
    column.set(column.slice().map((_, row, old) => old[order[row]!]!));
  return columns;
}

function nodesOf(kill: number, cut: number, end: number): ReportData['facts']['nodes'] {
  const views = [
    { name: '1', from: 50_000, to: kill + 150_000 },
    { name: '2', from: kill + 150_000, to: kill + 1_300_000 },
    { name: '3', from: kill + 1_300_000, to: cut + 300_000 },
    { name: '4', from: cut + 300_000, to: end },
  ];
  return [
    {
      slot: 'n1',
      members: [
        { name: 'n1.0', from: 0, to: kill },
        { name: 'n1.1', from: kill + 1_000_000, to: end },
      ],
      roles: [
        { name: 'primary', from: 50_000, to: kill },
        { name: 'joining', from: kill + 1_050_000, to: kill + 1_300_000 },
        { name: 'backup', from: kill + 1_300_000, to: end },
      ],
      views: [{ ...views[0]!, to: kill }, views[2]!, views[3]!],
      marks: [
        { at: kill, name: 'crash', words: 'n1.0 was killed' },
        { at: kill + 1_290_000, name: 'synced', words: 'n1.1 has the whole state' },
      ],
    },
    {
      slot: 'n2',
      members: [{ name: 'n2.0', from: 0, to: end }],
      roles: [
        { name: 'backup', from: 50_000, to: kill + 150_000 },
        { name: 'primary', from: kill + 150_000, to: end },
      ],
      views: views.slice(0, 3),
      marks: [{ at: kill + 110_000, name: 'suspect', words: 'n2.0 suspects n1.0' }],
    },
    {
      slot: 'n3',
      members: [{ name: 'n3.0', from: 0, to: end }],
      roles: [{ name: 'backup', from: 50_000, to: end }],
      views,
      marks: [
        { at: kill + 115_000, name: 'suspect', words: 'n3.0 suspects n1.0' },
        { at: cut + 240_000, name: 'suspect', words: 'n3.0 suspects n2.0' },
      ],
    },
  ];
}

function windowsOf(
  columns: OperationColumns,
  faults: Readonly<Record<string, readonly [number, number]>>,
): LatencyWindow[] {
  const ends = Object.entries(faults).flatMap(([fault, [from, to]]) => [
    { fault, place: 'before' as const, from: 0, to: from },
    { fault, place: 'during' as const, from, to },
    { fault, place: 'after' as const, from: to, to: Infinity },
  ]);
  return [{ fault: null, place: 'all' as const, from: 0, to: Infinity }, ...ends].map(
    ({ fault, place, from, to }) => {
      const latencies: number[] = [];
      for (let row = 0; row < columns.count; row++) {
        const at = columns.invoked[row]!;
        if (at >= from && at < to && columns.outcome[row] === 0)
          latencies.push((columns.completed[row]! - columns.due[row]!) / 1000);
      }
      latencies.sort((a, b) => a - b);
      const at = (q: number): number | null =>
        latencies[Math.max(0, Math.ceil(q * latencies.length) - 1)] ?? null;
      return {
        name: fault === null ? 'whole run' : `${place} ${fault}`,
        fault,
        place,
        count: latencies.length,
        p50Ms: at(0.5),
        p90Ms: at(0.9),
        p99Ms: at(0.99),
        maxMs: at(1),
        cdf:
          latencies.length === 0
            ? []
            : Array.from({ length: 200 }, (_, index) => [at((index + 1) / 200)!, (index + 1) / 200] as const),
      };
    },
  );
}

function counterexampleOf(columns: OperationColumns): Counterexample {
  const rows = Array.from({ length: 4 }, (_, index) => Math.floor(columns.count * 0.4) + index);
  const operations = rows.map((row) => ({
    row,
    client: `c${columns.client[row]! + 1}`,
    words: `${kinds[columns.kind[row]!]} k1 ${columns.argument[row]} → ok`,
    invoked: columns.invoked[row]!,
    completed: columns.completed[row]!,
    outcome: 'ok' as const,
  }));
  return {
    property: 'linearizable',
    words: [
      'The read of k1 returned 3 although 4 had been written before it began and nothing wrote 3 again.',
    ],
    key: 'k1',
    operations,
    from: operations[0]!.invoked,
    to: Math.max(...operations.map(({ completed }) => completed)),
    lines: ['c1', 'c2', 'n1.0', 'n2.0'],
    messages: [
      {
        from: 'c1',
        to: 'n1.0',
        sent: operations[0]!.invoked + 20,
        received: operations[0]!.invoked + 60,
        words: 'request',
      },
      { from: 'n1.0', to: 'n2.0', sent: operations[0]!.invoked + 70, received: null, words: 'update' },
    ],
  };
}

function verdictOf({ count, seed, verdict }: SyntheticOptions, columns: OperationColumns): VerdictFile {
  const sum = { invoked: count, ok: 0, fail: 0, info: 0 };
  for (const outcome of columns.outcome) {
    if (outcome === 0) sum.ok++;
    else if (outcome === 1) sum.fail++;
    else sum.info++;
  }
  const none = { count: 0, p50Ms: null, p90Ms: null, p99Ms: null, maxMs: null };
  return {
    format: 'ftcheck-verdict-1',
    verdict,
    reason: {
      valid: '8 properties held',
      invalid: 'linearizable: a stale read',
      unknown: 'too few operations',
    }[verdict],
    seed,
    impl: 'passive',
    implOptions: {},
    workload: 'kv',
    workloadOptions: { keys: 5 },
    nemesis: 'kill+partition',
    nodes: 3,
    clients: 8,
    pinned: false,
    rate: null,
    withinClaim: true,
    claim: { tolerates: 'minority', outageMsMax: 2000, text: 'safe always; live while a majority is up' },
    operations: { ...sum, byKind: {} },
    properties: { linearizable: { verdict, reason: 'as generated' } },
    latency: { ...none, byKind: {} },
    throughput: { opsPerSecond: count / 30, measuredMs: 30_000 },
    goals: [],
    faults: [],
    slos: [],
    harness: { interrupted: null, trouble: null, lagMsMax: 30, checkersMs: null, damage: [] },
    environment: { ftcheck: '0.1.0', node: 'v20', platform: 'linux', cpus: 2, date: '2026-01-01T00:00:00Z' },
    durationMs: 30_000,
    wallMs: 30_000,
    runDir: 'ftcheck-runs/synthetic',
    command: `ftcheck run --seed=${seed}`,
  };
}
