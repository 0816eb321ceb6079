/**
 * How much longer `ftcheck run` takes than it nominally lasts: its own start, the launch, the final reads, the stop, the judging. Measured from
 * outside, on the shipped command line.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { parseTrace } from '../core/parse-run.ts';
import { monotonicMs } from '../harness/clock.ts';
import { median, shown } from './numbers.ts';
import { benchOptions } from './options.ts';
import { circumstances, note, publish, table } from './report.ts';

const script = 'bench:wall';
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const cases = [
  { impl: 'simple', nemesis: 'none' },
  { impl: 'passive', nemesis: 'none' },
  { impl: 'passive', nemesis: 'kill' },
  { impl: 'active', nemesis: 'partition' },
] as const;
type Case = (typeof cases)[number];

const verdictFile = z.object({ verdict: z.string(), durationMs: z.number(), wallMs: z.number() });

/** Where the time beyond the nominal length went. */
interface Sample {
  readonly beyondMs: number;
  readonly launchMs: number;
  readonly finalReadsMs: number;
  readonly stopMs: number;
  /** Loading the command, judging, writing the verdict, leaving. */
  readonly restMs: number;
  readonly verdict: string;
}

async function wallMs(args: readonly string[]): Promise<number> {
  const startMs = monotonicMs();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  await once(child, 'close');
  return monotonicMs() - startMs;
}

async function sample({ impl, nemesis }: Case, seconds: number, seed: number): Promise<Sample> {
  const out = mkdtempSync(join(tmpdir(), 'ftcheck-bench-'));
  try {
    const choice = [`--impl=${impl}`, `--nemesis=${nemesis}`, `--duration=${seconds}s`, `--seed=${seed}`];
    const totalMs = await wallMs([main, 'run', ...choice, '--quiet', `--out=${out}`]);
    const file = (name: string): string => readFileSync(join(out, 'latest', name), 'utf8');
    const { verdict, durationMs, wallMs: runMs } = verdictFile.parse(JSON.parse(file('verdict.json')));
    const phases = parseTrace(file('trace.jsonl')).events.filter(({ event }) => event === 'phase');
    const at = (phase: string): number =>
      (phases.find((event) => event['phase'] === phase)?.time ?? NaN) / 1e6;
    return {
      beyondMs: totalMs - durationMs,
      launchMs: at('warm-up'),
      finalReadsMs: at('stop') - at('final-reads'),
      stopMs: at('end') - at('stop'),
      restMs: totalMs - runMs,
      verdict,
    };
  } finally {
    rmSync(out, { recursive: true });
  }
}

const options = benchOptions({ rounds: 5, seconds: 5 });
const header = circumstances(script, options);
const samples = new Map<Case, Sample[]>(cases.map((one) => [one, []]));
const bareMs: number[] = [];
for (let round = 1; round <= options.rounds; round++) {
  for (const one of cases) {
    const taken = await sample(one, options.seconds, round);
    samples.get(one)?.push(taken);
    bareMs.push(await wallMs(['-e', '0']));
    note(`round ${round}: ${one.impl} ${one.nemesis}: ${shown(taken.beyondMs)} ms beyond, ${taken.verdict}`);
  }
}

const rows = [...samples].map(([{ impl, nemesis }, taken]) => {
  const beyond = taken.map(({ beyondMs }) => beyondMs);
  const middle = (name: Exclude<keyof Sample, 'verdict'>): string =>
    shown(median(taken.map((one) => one[name])));
  return [
    `${impl}, ${nemesis}`,
    middle('beyondMs'),
    `${shown(Math.min(...beyond))}-${shown(Math.max(...beyond))}`,
    middle('launchMs'),
    middle('finalReadsMs'),
    middle('stopMs'),
    middle('restMs'),
    `${taken.filter(({ verdict }) => verdict === 'valid').length} of ${taken.length}`,
  ];
});
const head = [
  'impl, nemesis',
  'beyond, ms',
  'range',
  'launch',
  'final reads',
  'stop',
  'start, judging',
  'valid',
];
publish(
  script,
  options,
  [
    header,
    `- goal: below 1,500 ms. A bare \`node -e 0\` in the same rounds: ${shown(median(bareMs))} ms`,
    '',
    table([head, ...rows]),
  ].join('\n'),
);
