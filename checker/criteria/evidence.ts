import { noCause, type Edges } from './edges.ts';
import { nodeBefore, nothing, type RegisterGraph } from './register-graph.ts';

/** One node must come before another: in its process, because it was read, or as an edge says. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly why: 'process' | 'read' | 'edge';
  /** Of an edge; see there. */
  readonly cause: number;
}

/** Edges need explaining, so that a path with few of them is short. */
const costs = { process: 0, read: 1, edge: 3 } as const;

/** The easiest way from a node to a later one, steps within a process taken together; null: there is none. */
export function pathTo(graph: RegisterGraph, edges: Edges | null, from: number, to: number): Step[] | null {
  const steps = new Map<number, Step>();
  const cost = new Int32Array(graph.count).fill(-1);
  const done = new Uint8Array(graph.count);
  const levels: number[][] = [[to]];
  const reach = (step: Step, total: number): void => {
    const known = cost[step.from] ?? -1;
    if (known >= 0 && known <= total) return;
    cost[step.from] = total;
    steps.set(step.from, step);
    while (levels.length <= total) levels.push([]);
    levels[total]?.push(step.from);
  };
  for (let level = 0; level < levels.length; level++) {
    const nodes = levels[level] ?? [];
    for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
      if (done[node] === 1) continue;
      // A way from a node to itself has at least one step.
      if (node === from && steps.has(from)) return collapsed(steps, from, to);
      if (node !== to || steps.size > 0) done[node] = 1;
      const previous = nodeBefore(graph, node);
      if (previous >= 0) reach({ from: previous, to: node, why: 'process', cause: noCause }, level);
      const writer = graph.readsFrom[node] ?? nothing;
      if (writer >= 0) reach({ from: writer, to: node, why: 'read', cause: noCause }, level + costs.read);
      for (let edge = edges?.into(node) ?? -1; edge >= 0; edge = edges?.nextInto(edge) ?? -1) {
        const cause = edges?.cause(edge) ?? noCause;
        reach({ from: edges?.from(edge) ?? 0, to: node, why: 'edge', cause }, level + costs.edge);
      }
    }
  }
  return null;
}

function collapsed(steps: ReadonlyMap<number, Step>, from: number, to: number): Step[] {
  const path: Step[] = [];
  for (let at = from; path.length === 0 || at !== to;) {
    const step = steps.get(at);
    if (step === undefined) break;
    const last = path.at(-1);
    if (last?.why === 'process' && step.why === 'process') path[path.length - 1] = { ...last, to: step.to };
    else path.push(step);
    at = step.to;
  }
  return path;
}

const triedMost = 12;

/** An easy cycle through one of these nodes, each of which comes before the next; null: there is none. */
export function easyCycle(graph: RegisterGraph, edges: Edges, nodes: readonly number[]): Step[] | null {
  let best: Step[] | null = null;
  const weight = (path: readonly Step[]): number => path.reduce((sum, { why }) => sum + 1 + costs[why], 0);
  const every = Math.ceil(nodes.length / triedMost);
  for (let i = 0; i < nodes.length; i += every) {
    const node = nodes[i] ?? 0;
    const path = pathTo(graph, edges, node, node);
    if (path !== null && (best === null || weight(path) < weight(best))) best = path;
  }
  return best;
}
