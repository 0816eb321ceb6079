import { join } from 'node:path';
import type { JsonObject } from '../../core/json.ts';
import { textOf } from './json-text.ts';
import { runFiles } from '../run-directory.ts';
import { framesAround } from './frames-around.ts';
import { forEachLine, objectIn } from './read-lines.ts';
import type { Message, ReportFacts, WitnessOperation } from './report-data.ts';
import { requestIn, type NamedRequests } from './requests.ts';
import { eventIn } from './trace-facts.ts';

/** Of more operations than that nobody follows the arrows. */
const followedMax = 12;

/**
 * What happened around these operations: which member took the effect of each and when, and the frames between them. Where the run has no
 * log of frames, arrows say what the trace proves: the request reached who executed it first, and after that the others and the client.
 */
export function messagesAround(
  input: { readonly runDir: string; readonly facts: Pick<ReportFacts, 'nodes' | 'tickNs' | 'end'> },
  operations: readonly WitnessOperation[],
  requests: NamedRequests,
  members: readonly string[],
): Message[] {
  const { runDir, facts } = input;
  const followed = operations.slice(-followedMax);
  const executions = executionsIn(join(runDir, runFiles.trace), followed, requests, facts.tickNs);
  const marks = executions.flatMap(({ all }) => all);
  const frames = framesAround(runDir, followed, facts);
  const arrows = frames ?? executions.flatMap(arrowsOf);
  return [...marks, ...arrows, ...viewMarks(facts, members)].sort((a, b) => a.sent - b.sent);
}

interface Executions {
  readonly operation: WitnessOperation;
  readonly request: string;
  /** In order of time, each as an event at one lifeline. */
  readonly all: readonly Message[];
}

/** Who executed each, or answered it from what he remembered. */
function executionsIn(
  tracePath: string,
  operations: readonly WitnessOperation[],
  requests: NamedRequests,
  tickNs: number,
): Executions[] {
  const marks = new Map<string, Message[]>();
  for (const { row } of operations) {
    const request = requests.get(row);
    if (request !== undefined && request !== '') marks.set(request, []);
  }
  if (marks.size === 0) return [];
  forEachLine(tracePath, (line) => {
    const request = requestIn(line);
    const ofRequest = request === null ? undefined : marks.get(request);
    const name = ofRequest === undefined ? null : eventIn(line);
    if (name !== 'executed' && name !== 'cached') return;
    const event = objectIn(line);
    if (event !== null) ofRequest?.push(...markOf(event, name, tickNs));
  });
  return operations.flatMap((operation) => {
    const request = requests.get(operation.row) ?? '';
    const all = (marks.get(request) ?? []).toSorted((a, b) => a.sent - b.sent);
    return all.length === 0 ? [] : [{ operation, request, all }];
  });
}

function markOf(event: JsonObject, name: 'executed' | 'cached', tickNs: number): Message[] {
  const { node, time, request, view, n } = event;
  if (typeof node !== 'string' || typeof time !== 'number' || typeof request !== 'string') return [];
  const at = Math.floor(time / tickNs);
  const place = typeof n === 'number' ? ` as message ${n} of view ${textOf(view)}` : '';
  const what =
    name === 'executed' ? `executed ${request}${place}` : `answered ${request} from its reply cache`;
  return [{ from: node, to: node, sent: at, received: at, words: `${node} ${what}` }];
}

/** Client to the first executor, from there to the others, and back. */
function arrowsOf({ operation, request, all }: Executions): Message[] {
  const { client, invoked, completed } = operation;
  // What was executed after the answer, as by a backup that catches up, did not cause it.
  const [first] = all;
  if (first === undefined) return [];
  const others = [...new Map(all.toReversed().map((mark) => [mark.from, mark])).values()];
  const arrow = (from: string, to: string, sent: number, received: number, words: string): Message[] =>
    received < sent ? [] : [{ from, to, sent, received, words }];
  return [
    ...arrow(client, first.from, invoked, first.sent, `request ${request} reached ${first.from}`),
    ...others
      .filter(({ from }) => from !== first.from)
      .flatMap((mark) =>
        arrow(first.from, mark.from, first.sent, mark.sent, `${request} reached ${mark.from}, too`),
      ),
    ...(completed === null
      ? []
      : arrow(first.from, client, first.sent, completed, `the answer to ${request} reached ${client}`)),
  ];
}

/** For properties of the group: the views and roles of the members that are named. */
const viewMarks = ({ nodes }: Pick<ReportFacts, 'nodes'>, members: readonly string[]): Message[] =>
  members.flatMap((member) => {
    const life = nodes.flatMap((node) =>
      node.members.filter(({ name }) => name === member).map(({ from, to }) => ({ node, from, to })),
    )[0];
    if (life === undefined) return [];
    const marks = (
      spans: readonly { readonly name: string; readonly from: number }[],
      verb: string,
    ): Message[] =>
      spans
        .filter(({ from }) => from >= life.from && from <= life.to)
        .map(({ name, from }) => ({
          from: member,
          to: member,
          sent: from,
          received: from,
          words: `${member} ${verb} ${name}`,
        }));
    return [...marks(life.node.views, 'installed view'), ...marks(life.node.roles, 'became')];
  });
