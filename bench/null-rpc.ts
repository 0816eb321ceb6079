/**
 * What a call that does nothing costs in units of one atomic multicast (Becker §5), in the group of `active`: one client, closed loop. The
 * multicast is that of the call's own request: from the client's call until the last replica has delivered it in its order.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { operationsOf } from '../core/history.ts';
import { parseHistory, parseTrace } from '../core/parse-run.ts';
import { median, shown } from './numbers.ts';
import { benchOptions } from './options.ts';
import { circumstances, note, publish, table } from './report.ts';

const script = 'bench:null-rpc';
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const options = benchOptions({ rounds: 3, seconds: 4 });
/** By replicas: what Becker measured, 36 ms over 10 ms and 50 ms over 13 ms. */
const becker = new Map([
  [2, 36 / 10],
  [3, 50 / 13],
]);

/** Medians of one run, in milliseconds since the call: its answer, and the first and the last delivery of its request. */
interface Sample {
  readonly calls: number;
  readonly answered: number;
  readonly firstDelivery: number;
  readonly lastDelivery: number;
}

async function sample(nodes: number, seed: number): Promise<Sample> {
  const out = mkdtempSync(join(tmpdir(), 'ftcheck-bench-'));
  try {
    const choice = ['--impl=active', '--workload=null-rpc', '--nemesis=none', '--clients=1', '--quiet'];
    const sizes = [`--nodes=${nodes}`, `--duration=${options.seconds}s`, `--seed=${seed}`, `--out=${out}`];
    await execa(process.execPath, [main, 'run', ...choice, ...sizes]);
    const file = (name: string): string => readFileSync(join(out, 'latest', name), 'utf8');
    return figuresOf(file('history.jsonl'), file('trace.jsonl'), nodes);
  } finally {
    rmSync(out, { recursive: true });
  }
}

function figuresOf(historyText: string, traceText: string, nodes: number): Sample {
  const delivered = new Map<string, number[]>();
  for (const { event, request, time } of parseTrace(traceText).events) {
    if (event !== 'deliver' || typeof request !== 'string') continue;
    delivered.set(request, [...(delivered.get(request) ?? []), time]);
  }
  const answered: number[] = [];
  const first: number[] = [];
  const last: number[] = [];
  for (const { invocation, completion } of operationsOf(parseHistory(historyText).events)) {
    const times = delivered.get(invocation.request ?? '') ?? [];
    if (completion?.type !== 'ok' || invocation.node !== undefined || times.length !== nodes) continue;
    answered.push((completion.time - invocation.time) / 1e6);
    first.push((Math.min(...times) - invocation.time) / 1e6);
    last.push((Math.max(...times) - invocation.time) / 1e6);
  }
  return {
    calls: answered.length,
    answered: median(answered),
    firstDelivery: median(first),
    lastDelivery: median(last),
  };
}

const header = circumstances(script, options);
const samples = new Map([...becker.keys()].map((nodes) => [nodes, [] as Sample[]]));
for (let round = 0; round < options.rounds; round++) {
  for (const [nodes, all] of samples) {
    all.push(await sample(nodes, 1 + round));
    note(`${nodes} replicas, round ${round + 1}: ${shown(all.at(-1)?.answered ?? NaN, 2)} ms`);
  }
}
const rows = [...samples].map(([nodes, all]) => {
  const of = (figure: (each: Sample) => number): number => median(all.map(figure));
  return [
    String(nodes),
    String(of(({ calls }) => calls)),
    shown(
      of(({ answered }) => answered),
      2,
    ),
    shown(
      of(({ firstDelivery }) => firstDelivery),
      2,
    ),
    shown(
      of(({ lastDelivery }) => lastDelivery),
      2,
    ),
    shown(
      of(({ answered, lastDelivery }) => answered / lastDelivery),
      2,
    ),
    shown(becker.get(nodes) ?? NaN, 2),
  ];
});
const head = [
  'replicas',
  'calls',
  'answered, ms',
  'first delivery, ms',
  'last delivery, ms',
  'call over multicast',
  'Becker',
];
publish(script, options, [header, '- goal: not above Becker', '', table([head, ...rows], 1)].join('\n'));
