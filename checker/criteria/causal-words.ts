import { unreachable } from '../../core/assert.ts';
import type { JsonObject } from '../../core/json.ts';
import { listed } from '../words.ts';
import type { CausalDecision, CausalViolation } from './causal.ts';
import type { Refutation } from './causal-memory.ts';
import { clockBytes } from './clocks.ts';
import { initially, type RegisterGraph } from './register-graph.ts';
import type { SearchQuestion } from './search-rounds.ts';
import { sessionFindings, type BrokenGuarantee, type SessionFindings } from './session-guarantees.ts';
import { tellCycle, tellPath, type Teller, type Told } from './telling.ts';
import { weakCausalityOf } from './weak-causal.ts';
import { writesIn } from './windows.ts';

/** Why a history is not causal, as simply as it can be said. */
export interface CausalFindings extends Told {
  /** The session guarantees that are broken, the one that `words` are about first. */
  readonly broken: readonly string[];
  readonly sessions: 'hold' | 'broken' | 'unknown';
  readonly details: JsonObject;
}

export function causalFindings(
  why: CausalViolation,
  teller: Teller,
  question: SearchQuestion,
): CausalFindings {
  const none = { broken: [], details: {} } as const;
  switch (why.type) {
    case 'thin air':
      return { ...none, words: thinAirWords(why.rows, teller), rows: why.rows, sessions: 'broken' };
    case 'wrong answer': {
      const words = `${why.rule}: ${listed(why.rows.map(teller.say))}`;
      return { ...none, words, rows: why.rows, sessions: 'broken' };
    }
    case 'failed cas': {
      const words = `its process can have seen no order of all writes in which each cas failed that did: ${listed(why.rows.map(teller.say))}`;
      return { ...none, words, rows: why.rows, sessions: 'unknown' };
    }
    case 'views':
      return findingsOfViews(why.graph, why.refutation, teller, question);
    default:
      return unreachable(why);
  }
}

export function thinAirWords([row = 0]: readonly number[], { say, refusedWriters }: Teller): string {
  const refused = refusedWriters(row).map(say);
  return `${say(row)} met a value that nobody wrote${refused.length === 0 ? '' : `; that it failed was the answer of ${listed(refused)}`}`;
}

function findingsOfViews(
  graph: RegisterGraph,
  refutation: Refutation,
  teller: Teller,
  { limits }: SearchQuestion,
): CausalFindings {
  const stretch = stretchFor(graph, refutation, limits.memoryBytesMax / 4);
  const weak = stretch === null ? null : weakCausalityOf(stretch);
  if (stretch === null || weak === null) {
    return { ...tellRefutation(graph, refutation, teller), broken: [], sessions: 'unknown', details: {} };
  }
  const isWhole = stretch === graph;
  const isAllSaid = isWhole && graph.unclear.length === 0 && graph.refusedCount === 0;
  const found = sessionFindings(stretch, weak);
  const sayings = sayingsOf(stretch, found, teller);
  const [first = tellRefutation(graph, refutation, teller)] = sayings;
  return {
    ...first,
    broken: found.broken.map(({ guarantee }) => guarantee),
    sessions: sayings.length > 0 ? 'broken' : isAllSaid ? 'hold' : 'unknown',
    details: {
      brokenGuarantees: found.broken.map(({ guarantee, reader, newer, via }) => ({
        guarantee,
        operations: teller.events([...new Set([newer, via, reader])].map((node) => stretch.rows[node] ?? 0)),
      })),
      // CC and CCv by the names of Bouajjani et al. 2017; not said where only a stretch was looked at.
      ...(isWhole && { weakCausal: weak.stale.length === 0, causalConvergence: weak.isConvergent }),
    },
  };
}

/** The whole graph, or what lies near to the contradiction, if clocks for the whole take too much; null: even those. */
function stretchFor(
  graph: RegisterGraph,
  { contradiction }: Refutation,
  bytesMax: number,
): RegisterGraph | null {
  if (clockBytes(graph) <= bytesMax) return graph;
  const nodes =
    contradiction.type === 'cycle'
      ? contradiction.nodes
      : [contradiction.reader, contradiction.type === 'initial' ? contradiction.writer : contradiction.cas];
  const rows = nodes.map((node) => graph.rows[node] ?? 0);
  const from = rows.reduce((least, row) => Math.min(least, row)) - rowsAround;
  const to = rows.reduce((most, row) => Math.max(most, row)) + rowsAround;
  const { graph: stretch } = writesIn(graph, { from, to });
  return clockBytes(stretch) <= bytesMax ? stretch : null;
}

const rowsAround = 2000;

/** What can be said in terms of sessions, the simplest first. */
function sayingsOf(
  graph: RegisterGraph,
  { broken, returned, together }: SessionFindings,
  teller: Teller,
): Told[] {
  const rowOf = (node: number): number => graph.rows[node] ?? 0;
  const say = (node: number): string => teller.say(rowOf(node));
  const sayings = broken.map((each) => tellBroken(each, graph, teller));
  if (returned !== null) {
    const { first, between, reader } = returned;
    const which =
      graph.isWrite[first] === 1
        ? 'read your writes or monotonic reads is broken'
        : 'monotonic reads is broken';
    const words = `${which}: ${say(first)}, ${say(between)} and ${say(reader)} follow each other in one process, so that an overwritten value came back`;
    sayings.push({ words, rows: [first, between, reader].map(rowOf) });
  }
  if (together !== null) {
    const { reader, newer } = together;
    const { words, rows } = tellPath(graph, newer, reader, teller);
    sayings.push({
      words: `the four session guarantees together are broken: ${say(newer)} comes before ${say(reader)}${words}, which met something older`,
      rows: [rowOf(newer), ...rows, rowOf(reader)],
    });
  }
  return sayings;
}

function tellBroken(
  { guarantee, reader, newer, via }: BrokenGuarantee,
  graph: RegisterGraph,
  teller: Teller,
): Told {
  const say = (node: number): string => teller.say(graph.rows[node] ?? 0);
  const rows = [...new Set([newer, via, reader])].map((node) => graph.rows[node] ?? 0);
  const met = graph.readsFrom[reader] ?? initially;
  const older = met < 0 ? 'what was there at first' : `the older value of ${say(met)}`;
  const told = (words: string): Told => ({ words: `${guarantee} is broken: ${words}`, rows });
  switch (guarantee) {
    case 'read your writes':
      return told(`after its own ${say(newer)}, the process met ${older} by ${say(reader)}`);
    case 'monotonic reads':
      return told(`after ${say(via)}, the process met ${older} by ${say(reader)}`);
    case 'monotonic writes':
      return told(
        `${say(via)} met what its writer wrote after ${say(newer)}, but later the process met ${older} by ${say(reader)}`,
      );
    case 'writes follow reads':
      return told(
        `${say(via)} met what its writer wrote after it had met the value of ${say(newer)}, but later the process met ${older} by ${say(reader)}`,
      );
    default:
      return unreachable(guarantee);
  }
}

/** Why there is no order for one process. */
function tellRefutation(
  graph: RegisterGraph,
  { chain, contradiction, edges }: Refutation,
  teller: Teller,
): Told {
  const say = (node: number): string => teller.say(graph.rows[node] ?? 0);
  switch (contradiction.type) {
    case 'cycle': {
      const told = tellCycle({ graph, edges, nodes: contradiction.nodes }, teller);
      const whose = say(graph.chainStart[chain] ?? 0);
      const words = `an order of all writes that suits the process of ${whose} would go round: ${told.words}`;
      return { ...told, words };
    }
    case 'initial': {
      const { writer, reader } = contradiction;
      const words = `${say(reader)} met what was there at first, though ${say(writer)} must come before it`;
      return { words, rows: [graph.rows[writer] ?? 0, graph.rows[reader] ?? 0] };
    }
    case 'returned': {
      const { cas, reader } = contradiction;
      const words = `${say(cas)} did not meet what was there at first, but ${say(reader)} met it later`;
      return { words, rows: [graph.rows[cas] ?? 0, graph.rows[reader] ?? 0] };
    }
    default:
      return unreachable(contradiction);
  }
}

/** Why it is not known. */
export function causalDoubtWords(
  { why }: Extract<CausalDecision, { verdict: 'unknown' }>,
  { say }: Teller,
): Told {
  switch (why.type) {
    case 'no registers':
      return { words: 'causal consistency is judged for registers only', rows: [] };
    case 'no answers':
      return { words: why.why, rows: [] };
    case 'several writers': {
      const words = `${say(why.rows[0] ?? 0)} met a value that several may have written; where written values are unique it can be judged`;
      return { words, rows: why.rows };
    }
    case 'failed cas':
      return { words: `it is not known whether ${say(why.rows[0] ?? 0)} can have failed`, rows: why.rows };
    case 'time':
      return { words: 'time ran out before an order was found for each process', rows: [] };
    default:
      return unreachable(why);
  }
}
