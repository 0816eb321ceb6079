import { existsSync, lstatSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../core/errors.ts';
import { isJsonObject } from '../../core/json.ts';
import { makeRandom } from '../../core/random.ts';
import {
  columnOf,
  comparisonOf,
  type ColumnInput,
  type ComparisonFacts,
  type MeasuredRound,
} from '../../results/compare/comparison.ts';
import { blockDifferences, type SingleRun } from '../../results/compare/blocks.ts';
import { timedOperations } from '../../results/compare/timed-operations.ts';
import { pairsOf, type Pair } from '../../results/compare/differences.ts';
import { measuredRound } from '../../results/compare/measured-round.ts';
import { confidence } from '../../results/compare/rounds.ts';
import { comparisonSchema, type Column, type Comparison } from '../../results/compare/schema.ts';
import { isRunDirectory, runFiles } from '../../results/run-directory.ts';
import { verdictSchema, type VerdictFile } from '../../results/verdict-schema.ts';
import { recordOf, roundIn } from './rounds.ts';
import { uniqueLabels } from './settings.ts';
import type { Context } from '../context.ts';

/** What one argument stands for. */
type Source =
  | { readonly type: 'comparison'; readonly path: string; readonly comparison: Comparison }
  | { readonly type: 'runs'; readonly path: string; readonly columns: readonly StoredColumn[] };

/** A system of stored runs. */
interface StoredColumn {
  readonly input: ColumnInput;
  readonly runs: readonly StoredRun[];
}

type Facts = Pick<ComparisonFacts, 'date' | 'environment' | 'seed' | 'command'>;

/** Compares runs, folders of runs, and comparisons that are stored; one comparison alone is told again as it is. */
export function storedComparison(input: {
  readonly runs: readonly string[];
  readonly seed: number;
  /** The folder of runs, where names are looked for as well. */
  readonly out: string;
  /** One system is enough to hold against a baseline. */
  readonly hasBaseline?: boolean;
  readonly facts: Facts;
  readonly context: Context;
}): Comparison {
  const { runs, seed, out, hasBaseline = false, facts, context } = input;
  const sources = runs.map((given) => readSource(given, out, context));
  const [only] = sources;
  if (only?.type === 'comparison' && sources.length === 1) {
    return { ...only.comparison, thresholds: [] };
  }
  const groups = sources.map((source) =>
    source.type === 'comparison'
      ? source.comparison.columns.map((column) => ({ ...column, source: source.path }))
      : source.columns.map(({ input: column }) => columnOf(column, seed)),
  );
  const before = groups.flat();
  if (before.length < 2 && !hasBaseline) {
    throw new UsageError(
      `${runs.join(' ')}: holds one system only; give what to compare it with, or --baseline`,
    );
  }
  const labels = uniqueLabels(before.map(({ label }) => label));
  const columns = before.map((column, i) => ({ ...column, label: labels[i] ?? column.label }));
  const settings = [
    ...new Map(sources.flatMap(settingsIn).map((one) => [JSON.stringify(one), one])).values(),
  ];
  const [setting] = settings;
  if (setting === undefined) throw new UsageError(`${runs.join(' ')}: there is no run`);
  const mixed =
    settings.length === 1
      ? []
      : [`they did not run under the same conditions: ${settings.map(settingText).join('; ')}`];
  const told = { ...facts, setting, interrupted: null };
  const singles = columns.length < 2 ? null : singleRunsOf(sources, columns);
  if (singles !== null) {
    const notes = [
      'one run each cannot tell drift from difference: intervals are over blocks of time within each run, so nobody is called better',
      ...mixed,
    ];
    const pairs = pairsOf(singles);
    const differences = pairs.flatMap(({ a, b }) =>
      blockDifferences(a, b, (1 - confidence) / pairs.length, makeRandom(seed).fork(`${a.label}/${b.label}`)),
    );
    return comparisonOf({ kind: 'single-runs', columns, differences, facts: told, notes });
  }
  const notes = [
    'these rounds were not made in turn: what the machine did besides is in the differences',
    ...mixed,
  ];
  return comparisonOf({
    kind: 'unpaired',
    columns,
    pairs: pairsBetween(groups, columns),
    facts: told,
    notes,
  });
}

/** A baseline: the columns of a stored comparison, or one run. */
export function readBaseline(given: string, out: string, context: Context): Column[] {
  const path = resolve(context.cwd, given);
  if (!existsSync(path)) throw new UsageError(`--baseline: there is no file ${given}`);
  const source = readSource(given, out, context, '--baseline');
  if (source.type === 'comparison') return source.comparison.columns;
  return source.columns.map(({ input }) => columnOf(input, 1));
}

function readSource(given: string, out: string, context: Context, place = given): Source {
  const path = [resolve(context.cwd, given), resolve(context.cwd, out, given)].find((one) => existsSync(one));
  if (path === undefined)
    throw new UsageError(`${place}: there is no such run, folder or file, here or in ${out}`);
  if (!statSync(path).isDirectory()) return readFileSource(path, given, place);
  if (isRunDirectory(path))
    return { type: 'runs', path: given, columns: [columnOfRuns([runIn(path, given)], given)] };
  const found = runsIn(path).map((runDir) => runIn(runDir, join(given, basename(runDir))));
  if (found.length === 0) throw new UsageError(`${place}: no run directory, and none in it`);
  const bySystem = new Map<string, StoredRun[]>();
  for (const run of found) bySystem.set(systemOf(run), [...(bySystem.get(systemOf(run)) ?? []), run]);
  const impls = [...bySystem.values()].map(([run]) => run?.verdict.impl);
  return {
    type: 'runs',
    path: given,
    columns: [...bySystem].map(([system, some]) => {
      const column = columnOfRuns(some, given);
      const isAlone = impls.filter((impl) => impl === column.input.impl).length === 1;
      return isAlone ? column : { ...column, input: { ...column.input, label: system } };
    }),
  };
}

/** Links, such as `latest`, are other names of what is there already. */
const runsIn = (folder: string): string[] =>
  readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => !lstatSync(path).isSymbolicLink() && isRunDirectory(path));

interface StoredRun {
  readonly runDir: string;
  readonly shown: string;
  readonly verdict: VerdictFile;
}

function runIn(runDir: string, shown: string): StoredRun {
  const path = join(runDir, runFiles.verdict);
  if (!existsSync(path)) {
    throw new UsageError(`${shown}: there is no ${runFiles.verdict} in it (ftcheck check ${shown} makes it)`);
  }
  return {
    runDir,
    shown,
    verdict: parsed(verdictSchema, readJson(path, shown), `${shown}/${runFiles.verdict}`),
  };
}

function readFileSource(path: string, given: string, place: string): Source {
  const value = readJson(path, place);
  const format = isJsonObject(value) ? value['format'] : undefined;
  if (format === 'ftcheck-comparison-1') {
    return { type: 'comparison', path: given, comparison: parsed(comparisonSchema, value, place) };
  }
  if (format !== 'ftcheck-verdict-1') {
    throw new UsageError(
      `${place}: ${given} is neither a comparison (ftcheck compare --save) nor a verdict.json`,
    );
  }
  const verdict = parsed(verdictSchema, value, place);
  const runDir = dirname(path);
  const run = { runDir, shown: given, verdict };
  // A verdict.json that was taken out of its run has its figures, and no operations.
  const rounds = isRunDirectory(runDir) ? undefined : [measuredRound(1, verdict, new Map())];
  return { type: 'runs', path: given, columns: [columnOfRuns([run], given, rounds)] };
}

function readJson(path: string, place: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (cause) {
    throw new UsageError(`${place}: cannot be read as JSON`, cause);
  }
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, place: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new UsageError(
    `${place}: not as its format says: ${z.prettifyError(result.error).split('\n').join(' ')}`,
  );
}

function columnOfRuns(
  runs: readonly StoredRun[],
  source: string,
  made?: readonly MeasuredRound[],
): StoredColumn {
  const [first] = runs;
  if (first === undefined) throw new UsageError(`${source}: there is no run`);
  const rounds =
    made ??
    runs.map(({ runDir, shown, verdict }, i) => roundIn(runDir, i + 1, { ...verdict, runDir: shown }));
  const { impl, implOptions } = first.verdict;
  return { input: { label: impl, impl, options: implOptions, source, rounds }, runs };
}

/** What makes two runs those of one system. */
const systemOf = ({ verdict: { impl, nodes, implOptions } }: StoredRun): string => {
  const options = Object.entries(implOptions).map(([name, value]) => `${name}=${String(value)}`);
  return [impl, ...options, `nodes=${nodes}`].join(':');
};

/** Where every system has one run whose operations are there: what each of them did when. */
function singleRunsOf(sources: readonly Source[], columns: readonly Column[]): SingleRun[] | null {
  const runs = sources.flatMap((source) =>
    source.type === 'runs' ? source.columns.map((column) => column.runs) : [],
  );
  if (runs.length !== columns.length || runs.some(({ length }) => length !== 1)) return null;
  return columns.map(({ label }, i): SingleRun => {
    const runDir = runs[i]?.[0]?.runDir ?? '';
    return { label, ...timedOperations(recordOf(runDir)) };
  });
}

type Setting = Comparison['setting'];

function settingsIn(source: Source): Setting[] {
  if (source.type === 'comparison') return [source.comparison.setting];
  return source.columns.flatMap(({ runs }) =>
    runs.map(({ verdict: { workload, nemesis, clients, rate, durationMs } }) => ({
      workload,
      nemesis,
      clients,
      rate,
      durationMs,
    })),
  );
}

const settingText = ({ workload, nemesis, clients, rate, durationMs }: Setting): string =>
  `${workload} under ${nemesis}, ${clients} clients, ${rate === null ? 'closed loop' : `${rate}/s`}, ${durationMs / 1000} s`;

/** Like with like where names recur, else each with each. */
function pairsBetween(groups: readonly (readonly Column[])[], columns: readonly Column[]): Pair<Column>[] {
  const sourceOf = groups.flatMap((group, i) => group.map(({ label }) => ({ i, label })));
  const pairs = pairsOf(columns.map((column, at) => ({ column, at })));
  const alike = pairs.filter(({ a, b }) => {
    const [one, other] = [sourceOf[a.at], sourceOf[b.at]];
    return one !== undefined && other !== undefined && one.i !== other.i && one.label === other.label;
  });
  return (alike.length > 0 ? alike : pairs).map(({ a, b }) => ({ a: a.column, b: b.column }));
}
