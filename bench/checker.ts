/** How long the checker takes, and how much memory: each history in a process of its own, reading and checking apart. */
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { checkerRows, type CheckerCase, type CheckerFigures, type CheckerRow } from './checker-cases.ts';
import { median, shown } from './numbers.ts';
import { parseArguments } from './options.ts';
import { note, publish, recordOf, table } from './report.ts';

const script = 'bench:checker';
const options = parseArguments({ rounds: '3', most: '1000000', rows: 'all' });
const rounds = options.positive('rounds');
const most = options.positive('most');
const entry = fileURLToPath(new URL('checker-case-main.ts', import.meta.url));
const header = recordOf(script, options.given, `medians of ${rounds}, each in a process of its own`);

async function judged(given: CheckerCase): Promise<CheckerFigures> {
  const { stdout } = await execa(process.execPath, [
    '--expose-gc',
    '--import',
    'tsx',
    entry,
    JSON.stringify(given),
  ]);
  return JSON.parse(stdout) as CheckerFigures;
}

type Measured = CheckerFigures & { readonly operations: number };

/** The figures of one history, the middle one of several rounds each. */
async function measured(row: CheckerRow, operations: number): Promise<Measured> {
  const all: CheckerFigures[] = [];
  for (let round = 0; round < rounds; round++) {
    const shape = { ...row.shape, operations };
    const figures = await judged({
      model: row.model,
      shape,
      seed: 1 + round,
      reading: {},
      limitMs: 60_000,
      limitMb: 1024,
    });
    if (figures.verdict !== row.expected)
      note(`${row.name}, ${operations}: ${figures.verdict}: ${figures.reason}`);
    all.push(figures);
  }
  const middle = (name: 'readMs' | 'readPeakMb' | 'checkMs' | 'toldMs' | 'moreMb'): number =>
    median(all.map((each) => each[name]));
  const wrong = all.find(({ verdict }) => verdict !== row.expected);
  return {
    operations,
    verdict: wrong?.verdict ?? row.expected,
    reason: '',
    readMs: middle('readMs'),
    readPeakMb: middle('readPeakMb'),
    checkMs: middle('checkMs'),
    toldMs: middle('toldMs'),
    moreMb: middle('moreMb'),
  };
}

const head = [
  'history',
  '1k',
  '10k',
  '100k',
  '1M',
  'growth',
  'told',
  'more MB',
  'read',
  'peak MB',
  'verdict',
  'goal',
  'Porcupine',
];
const cells: string[][] = [head];
const wanted = options.words('rows');
for (const row of checkerRows.filter(
  ({ name }) => wanted[0] === 'all' || wanted.some((word) => name.includes(word)),
)) {
  const figures: Measured[] = [];
  for (const operations of row.operations.filter((each) => each <= most)) {
    figures.push(await measured(row, operations));
    note(`${row.name}, ${operations}: ${shown(figures.at(-1)?.checkMs ?? NaN, 1)} ms`);
  }
  const at = (operations: number) => figures.find((each) => each.operations === operations);
  const ms = (operations: number): string =>
    shown(at(operations)?.checkMs ?? NaN, operations < 100_000 ? 1 : 0);
  const last = figures.at(-1);
  const verdicts = [...new Set(figures.map(({ verdict }) => verdict))].join(', ');
  cells.push([
    row.name,
    ms(1_000),
    ms(10_000),
    ms(100_000),
    ms(1_000_000),
    shown((at(1_000_000)?.checkMs ?? NaN) / (at(100_000)?.checkMs ?? NaN), 1),
    shown(last?.toldMs ?? NaN),
    shown(last?.moreMb ?? NaN),
    shown(last?.readMs ?? NaN),
    shown(last?.readPeakMb ?? NaN),
    verdicts === row.expected ? verdicts : `WRONG: ${verdicts}`,
    row.goal,
    row.porcupine,
  ]);
}
publish(
  script,
  options,
  [
    header,
    '- check time in milliseconds, parsing apart; `told`: once more, with coverage and, of an invalid one, the smallest counterexample and what still holds; `more MB`: what checking added at its peak, `read` and `peak MB`: reading the file, all of the longest history',
    '- goals and the figures of Porcupine (Go, commit 55508eb) are for a machine like this; `growth`: 1M over 100k, below 13 wanted',
    '',
    table(cells, 1),
  ].join('\n'),
);
