import { equalJson, isJsonList, type JsonObject } from '../../core/json.ts';
import type { Model } from '../../core/model.ts';
import { eventsOfRow, operationAt, type OperationTable } from '../history/operation-table.ts';
import { operationWords } from '../linearizable/proof-speech.ts';
import { listed, seconds } from '../words.ts';
import { easyCycle, pathTo, type Step } from './evidence.ts';
import { noCause, type Edges } from './edges.ts';
import type { RegisterGraph } from './register-graph.ts';

/** How operations are spoken of, by row. */
export interface Teller {
  /** `write x 2 (process 3, at 0.0300 s)` */
  readonly say: (row: number) => string;
  /** The cas that would have written what this row met, had they not failed. */
  readonly refusedWriters: (row: number) => readonly number[];
  /** Their events, for whoever looks into the details. */
  readonly events: (rows: readonly number[]) => JsonObject[];
}

export const tellerFor = (table: OperationTable, model: Model<unknown>): Teller => ({
  say: (row) => {
    const what = operationWords(model, operationAt(table, row));
    return `${what} (process ${table.process[row] ?? 0}, at ${seconds(table.callTime[row] ?? 0)})`;
  },
  refusedWriters: (row) => {
    const { key, value, result } = operationAt(table, row);
    const met = isJsonList(value) ? (value[0] ?? null) : (result ?? null);
    return Array.from({ length: table.count }, (_, other) => other).filter((other) => {
      const cas = operationAt(table, other);
      if (cas.f !== 'cas' || cas.result !== false || !isJsonList(cas.value)) return false;
      return equalJson(cas.key, key) && equalJson(cas.value[1] ?? null, met);
    });
  },
  events: (rows) =>
    rows.slice(0, eventsShown).map((row) => {
      const [invoke, completion] = eventsOfRow(table, row);
      return {
        ...(invoke !== undefined && { invoke: { ...invoke } }),
        ...(completion !== undefined && { completion: { ...completion } }),
      };
    }),
});

const eventsShown = 40;
const stepsShown = 10;

/** What is told, and the rows that it speaks of. */
export interface Told {
  readonly words: string;
  readonly rows: readonly number[];
}

/** What is known of nodes that cannot all come before each other. */
interface Circle {
  readonly graph: RegisterGraph;
  readonly edges: Edges;
  readonly nodes: readonly number[];
}

/** An order that would have to go round, from the operation called first and back to it. Words without a full stop. */
export function tellCycle({ graph, edges, nodes }: Circle, { say }: Teller): Told {
  const steps = fromEarliest(easyCycle(graph, edges, nodes) ?? [], graph);
  const rowOf = (node: number): number => graph.rows[node] ?? 0;
  const causes = steps.flatMap(({ cause }) => (cause === noCause ? [] : [cause]));
  const rows = [...new Set([...steps.map(({ from }) => from), ...causes].map(rowOf))];
  const first = steps[0]?.from ?? 0;
  const told = steps.slice(0, stepsShown).map((step) => {
    const what = step.to === first ? 'and then the first again' : `then ${say(rowOf(step.to))}`;
    return `${what}${whyWords(step, graph, (node) => say(rowOf(node)))}`;
  });
  const left = steps.length - stepsShown;
  const more = left > 0 ? [`and so on, ${left} steps more to the first again`] : [];
  return { words: [say(rowOf(first)), ...told, ...more].join(', '), rows };
}

function fromEarliest(steps: readonly Step[], { rows }: RegisterGraph): readonly Step[] {
  const earliest = steps.reduce((best, { from }, i) => {
    const row = rows[from] ?? 0;
    return row < (rows[steps[best]?.from ?? 0] ?? 0) ? i : best;
  }, 0);
  return [...steps.slice(earliest), ...steps.slice(0, earliest)];
}

/** Why the later of two comes after the one before it. */
function whyWords(
  { from, to, why, cause }: Step,
  { refused }: RegisterGraph,
  say: (node: number) => string,
): string {
  if (why === 'process') return ' in the same process';
  if (why === 'read') return ', which met its value';
  if (cause === noCause) return ', which overwrote what that had met';
  return refused[from] === to
    ? `, whose value that did not meet while ${say(cause)} later did`
    : `, whose value ${say(cause)} met after both`;
}

/** How one node comes before another through others, which are named. */
export function tellPath(graph: RegisterGraph, from: number, to: number, { say }: Teller): Told {
  const steps = pathTo(graph, null, from, to) ?? [];
  const between = steps.slice(1).map((step) => graph.rows[step.from] ?? 0);
  const words = between.length === 0 ? '' : ` by way of ${listed(between.map(say), 6)}`;
  return { words, rows: between };
}
