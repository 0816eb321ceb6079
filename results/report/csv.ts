import { neverTick, outcomes, type ReportData } from './report-data.ts';

/** The columns of operations.csv; docs/REPORT.md tells what they mean. */
export const csvColumns = [
  'operation',
  'client',
  'kind',
  'key',
  'argument',
  'outcome',
  'result',
  'error',
  'due_us',
  'invoked_us',
  'completed_us',
  'latency_us',
  'linearized_us',
] as const;

/** The lines of operations.csv [RFC 4180], one for each operation in order of invocation; the first holds the names of the columns. */
export function* csvLines({ facts, columns }: ReportData): Generator<string> {
  yield lineOf(csvColumns);
  const perTick = facts.tickNs / 1000;
  const textAt = (number: number | undefined): string => facts.texts[number ?? -1] ?? '';
  const timeAt = (tick: number | undefined): string =>
    tick === undefined || tick === neverTick ? '' : String(tick * perTick);
  for (let row = 0; row < columns.count; row++) {
    const outcome = outcomes[columns.outcome[row] ?? 2] ?? 'info';
    const result = textAt(columns.result[row]);
    const completed = columns.completed[row] ?? neverTick;
    yield lineOf([
      String(row),
      facts.clients[columns.client[row] ?? 0] ?? '',
      facts.kinds[columns.kind[row] ?? 0] ?? '',
      facts.keys[columns.key[row] ?? 0] ?? '',
      textAt(columns.argument[row]),
      outcome,
      outcome === 'ok' ? result : '',
      outcome === 'ok' ? '' : result,
      timeAt(columns.due[row]),
      timeAt(columns.invoked[row]),
      timeAt(completed),
      completed === neverTick ? '' : timeAt(completed - (columns.due[row] ?? 0)),
      timeAt(columns.point[row]),
    ]);
  }
}

const lineOf = (cells: readonly string[]): string => `${cells.map(cellOf).join(',')}\r\n`;

/** Spreadsheets take what begins so for a formula [OWASP, CSV injection]; a plain number is none. */
const isFormula = (text: string): boolean => /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text);

function cellOf(text: string): string {
  const safe = isFormula(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
