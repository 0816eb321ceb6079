import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { KeepEvidence, RecordedRun } from '../core/checker.ts';
import { parseHistory, parsePlan, parseTrace } from '../core/parse-run.ts';
import { judgeRun } from './judge.ts';
import { linearizationFile } from './linearizable/linearization.ts';
import type { RunJob } from './worker-job.ts';
import { writePieces } from './worker-keep.ts';
import { checkerLimits } from './worker-limits.ts';

/** Judges a run as it lies in its directory. */
export function judgeDirectory({ directory, limits }: RunJob): object {
  const read = (name: string): string => readFileSync(join(directory, name), 'utf8');
  const plan = parsePlan(read('plan.json'), join(directory, 'plan.json'));
  const history = parseHistory(read('history.jsonl'), join(directory, 'history.jsonl'));
  const trace = parseTrace(read('trace.jsonl'), join(directory, 'trace.jsonl'));
  const run: RecordedRun = {
    plan,
    history: history.events,
    trace: trace.events,
    damage: { history: history.damage, trace: trace.damage },
  };
  const { timeMs = plan.checkerLimits.timeMs, memoryMb = plan.checkerLimits.memoryMb } = limits;
  tolerated(() => rmSync(join(directory, linearizationFile), { force: true })); // of an earlier judgement
  const limitsOfRun = checkerLimits(timeMs, memoryMb * 2 ** 20);
  return { judgement: judgeRun(run, limitsOfRun, keepIn(directory)), damage: run.damage };
}

/** A verdict stands also where what proves it finds no place. */
const keepIn =
  (directory: string): KeepEvidence =>
  (file, pieces) => {
    const all = [...pieces];
    tolerated(() => writePieces(join(directory, file), all));
  };

function tolerated(task: () => void): void {
  try {
    task();
  } catch {
    return; // a full disk, or a directory that is only to be read
  }
}
