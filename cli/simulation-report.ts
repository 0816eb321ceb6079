import type { Verdict } from '../core/verdict.ts';
import { countText, msText, plural } from '../results/units-text.ts';
import type { OutputStream } from './context.ts';

/** `lost`: the group had no majority left at the end, so that nothing was promised, and too little was answered to tell. */
export type ScheduleOutcome = Verdict | 'lost';

/** What became of all schedules of a simulation together. */
export interface SimulationReport {
  readonly impl: string;
  readonly workload: string;
  readonly nemesis: string;
  readonly nodes: number;
  readonly firstSeed: number;
  readonly seeds: number;
  readonly verdict: Verdict;
  readonly verdicts: Readonly<Record<ScheduleOutcome, number>>;
  /** The invalid ones first, then the unknown. */
  readonly failures: readonly {
    readonly seed: number;
    readonly outcome: ScheduleOutcome;
    readonly reason: string;
    readonly traceHash: string;
    readonly command: string;
  }[];
  readonly operations: { readonly ok: number; readonly info: number };
  readonly views: number;
  readonly crashes: number;
  readonly virtualMs: number;
  readonly wallMs: number;
}

const failuresShown = 5;

/** For a person; the last line repeats the first failure. */
export function renderReport(report: SimulationReport): string {
  const { impl, workload, nemesis, nodes, firstSeed, seeds, verdicts, failures, operations } = report;
  const lines = [
    `${report.verdict.toUpperCase()}  ${impl} on ${plural(nodes, 'node')}, workload ${workload}, nemesis ${nemesis}`,
    `${plural(seeds, 'schedule')} (seeds ${firstSeed} to ${firstSeed + seeds - 1}): ${countText(verdicts.valid)} valid, ` +
      `${countText(verdicts.invalid)} invalid, ${countText(verdicts.unknown)} unknown, ${countText(verdicts.lost)} undecided since no majority was left`,
    `${countText(operations.ok)} operations answered, ${countText(operations.info)} not; ${plural(report.views, 'view')}, ` +
      `${plural(report.crashes, 'crash', 'crashes')}; ${msText(report.virtualMs)} of virtual time in ${msText(report.wallMs)}`,
    ...failures
      .slice(0, failuresShown)
      .map(({ seed, outcome, reason }) => `seed ${seed}: ${outcome}: ${reason}`),
  ];
  const [first] = failures;
  if (failures.length > failuresShown) lines.push(`and ${countText(failures.length - failuresShown)} more`);
  if (first !== undefined) lines.push('Repeat the first of them with:', first.command);
  return `${lines.join('\n')}\n`;
}

interface SimulationProgress extends Disposable {
  readonly show: (done: number, failures: number) => void;
}

/** Now and then a line, on a terminal always the same one. */
export function simulationProgress(
  stream: OutputStream,
  seeds: number,
  isQuiet: boolean,
): SimulationProgress {
  const isLive = stream.isTTY === true;
  const every = Math.max(1, Math.floor(seeds / (isLive ? 200 : 10)));
  let isDisposed = false;
  return {
    show: (done, failures) => {
      if (isQuiet || done % every !== 0) return;
      const text = `ftcheck: ${countText(done)} of ${plural(seeds, 'schedule')}, ${countText(failures)} failed`;
      stream.write(isLive ? `\r\x1b[2K${text}` : `${text}\n`);
    },
    [Symbol.dispose]: () => {
      if (isLive && !isQuiet && !isDisposed) stream.write('\r\x1b[2K');
      isDisposed = true;
    },
  };
}
