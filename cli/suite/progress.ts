import { reasonOf, type ScenarioResult } from '../../results/suite/outcome.ts';
import { tookMsOf } from '../../results/suite/suite-report.ts';
import { minutesText } from '../../results/suite/suite-summary.ts';
import { firstSentence } from '../../results/summary.ts';
import type { OutputStream } from '../context.ts';

/** Shows a suite while it lasts. */
export interface SuiteProgress extends Disposable {
  note(text: string): void;
  begin(id: string): void;
  end(result: ScenarioResult): void;
}

/** A line for each scenario that has ended; on a terminal also, below them, what is under way. */
export function suiteProgress(input: {
  readonly stream: OutputStream;
  readonly isQuiet: boolean;
  readonly total: number;
  readonly done: number;
}): SuiteProgress {
  const { stream, isQuiet, total } = input;
  if (isQuiet) return { note: () => {}, begin: () => {}, end: () => {}, [Symbol.dispose]: () => {} };
  const isLive = stream.isTTY === true && process.env['TERM'] !== 'dumb';
  const underWay = new Set<string>();
  let { done } = input;
  let isShown = false;
  const erase = (): void => {
    if (isShown) stream.write('\r\x1b[2K');
    isShown = false;
  };
  const live = (): void => {
    if (!isLive || underWay.size === 0) return;
    const text = `[${done}/${total}] playing ${[...underWay].join(' and ')}`;
    stream.write(text.slice(0, Math.max(20, (stream.columns || 80) - 1))); // 0: a terminal without a size
    isShown = true;
  };
  const line = (text: string): void => {
    erase();
    stream.write(`ftcheck: ${text}\n`);
    live();
  };
  return {
    note: line,
    begin: (id) => {
      underWay.add(id);
      erase();
      live();
    },
    end: (result) => {
      underWay.delete(result.id);
      done++;
      line(endText(result, done, total));
    },
    [Symbol.dispose]: erase,
  };
}

/** `[ 3/18] passed   passive, kv, kill, seed 1 (5.3 s)` */
export function endText(result: ScenarioResult, done: number, total: number): string {
  const { id, status, attempts } = result;
  const place = `[${String(done).padStart(String(total).length)}/${total}]`;
  const word = status === 'passed' ? 'passed' : status.toUpperCase();
  const runs = attempts.length === 1 ? '' : `, ${attempts.length} runs`;
  const reason = status === 'passed' ? '' : `: ${firstSentence(reasonOf(result))}`;
  return `${place} ${word.padEnd(7)}  ${id} (${minutesText(tookMsOf(result))}${runs})${reason}`;
}
