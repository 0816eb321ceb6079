import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedRun } from '../core/checker.ts';
import { parseHistory, parsePlan, parseTrace } from '../core/parse-run.ts';
import { judgeRun } from './judge.ts';
import type { RunJob } from './worker-job.ts';
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
  return { judgement: judgeRun(run, checkerLimits(timeMs, memoryMb * 2 ** 20)), damage: run.damage };
}
