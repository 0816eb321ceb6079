import { neverTick, noText, outcomes, type ReportData } from '../report/report-data.ts';
import { durationText, timeText } from './ticks.ts';

export type Columns = ReportData['columns'];

/** The first row that was invoked at `tick` or later; rows stand in order of invocation. */
export function firstInvokedAt({ invoked, count }: Columns, tick: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((invoked[middle] ?? 0) < tick) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** When the operation ended, or the end of the run where nobody knows. */
export function endOf({ completed }: Columns, row: number, end: number): number {
  const tick = completed[row] ?? neverTick;
  return tick === neverTick ? end : tick;
}

/**
 * The logarithm to base 10 of every latency in ticks, at least of one tick. An operation that never completed has waited until the run's end.
 */
export function logLatencies(columns: Columns, end: number): Float32Array {
  const logs = new Float32Array(columns.count);
  for (let row = 0; row < columns.count; row++) {
    logs[row] = Math.log10(Math.max(1, endOf(columns, row, end) - (columns.due[row] ?? 0)));
  }
  return logs;
}

/** `write x 3 → ok`; the shorter forms are for narrow bars. */
export function operationTexts({ facts, columns }: ReportData, row: number): readonly string[] {
  const kind = facts.kinds[columns.kind[row] ?? 0] ?? '?';
  const key = facts.keys[columns.key[row] ?? 0] ?? '';
  const argument = textAt(facts.texts, columns.argument[row]);
  const result = textAt(facts.texts, columns.result[row]);
  const outcome = outcomes[columns.outcome[row] ?? 0] ?? 'info';
  const asked = [kind, key, argument].filter((text) => text !== '').join(' ');
  const answer = outcome === 'ok' ? (result === '' ? 'ok' : result) : outcome;
  return [`${asked} → ${answer}`, asked, kind];
}

const textAt = (texts: readonly string[], number: number | undefined): string =>
  number === undefined || number === noText ? '' : (texts[number] ?? '');

/** What is known of one operation, a line each. */
export function operationLines(data: ReportData, row: number): readonly string[] {
  const { facts, columns } = data;
  const ns = (ticks: number): number => ticks * facts.tickNs;
  const time = (tick: number): string => timeText(ns(tick), facts.tickNs);
  const invoked = columns.invoked[row] ?? 0;
  const due = columns.due[row] ?? invoked;
  const completed = columns.completed[row] ?? neverTick;
  const point = columns.point[row] ?? neverTick;
  const outcome = outcomes[columns.outcome[row] ?? 0] ?? 'info';
  const result = textAt(facts.texts, columns.result[row]);
  const [whole = ''] = operationTexts(data, row);
  return [
    `${facts.clients[columns.client[row] ?? 0] ?? ''}: ${whole}`,
    `${outcomeWords[outcome]}${outcome !== 'ok' && result !== '' ? `: ${result}` : ''}`,
    `invoked ${time(invoked)}${due < invoked ? `, due ${durationText(ns(invoked - due))} before` : ''}`,
    completed === neverTick
      ? 'never completed'
      : `completed ${time(completed)}, latency ${durationText(ns(completed - due))}`,
    ...(point === neverTick ? [] : [`took effect at ${time(point)} in an order that explains the history`]),
  ];
}

const outcomeWords = {
  ok: 'ok',
  fail: 'fail, certainly without effect',
  info: 'info, may have happened',
} as const;
