import { readFrames, type LoggedFrame } from '../frame-log.ts';
import type { Message, ReportFacts, WitnessOperation } from './report-data.ts';

/** As many arrows as a reader can tell apart. */
const framesMax = 48;
/** Of frames of one kind from one place to another around one operation, so many. */
const alikeMax = 2;
/** They say only that somebody lives, or that bytes arrived, many times a second. */
const silentKinds: ReadonlySet<string> = new Set([
  'ack',
  'beat',
  'hello',
  'log-ack',
  'output-ack',
  'role',
  'probe',
]);
/** Waiting longer than that at a proxy is a fault's doing. */
const heldMs = 20;
/** How frames name all clients that are not pinned to a node. */
const allClients = 'clients';

type Facts = Pick<ReportFacts, 'nodes' | 'tickNs' | 'end'>;

/**
 * Frames while these operations were open: nearest to its invocation the requests to each node, nearest to its end the replies, and what nodes
 * said to each other nearest to either. Null: the run has no log of frames. A proxy knows the node behind a frame, and not always the client:
 * a frame that several operations could have caused is drawn from a line that stands for all clients.
 */
export function framesAround(
  runDir: string,
  operations: readonly WitnessOperation[],
  facts: Facts,
): Message[] | null {
  const around = operations.map((operation) => ({ operation, frames: nearestFrames(operation, facts) }));
  let isLogged = false;
  for (const frame of framesOf(runDir)) {
    isLogged = true;
    if (silentKinds.has(frame.name)) continue;
    for (const { frames } of around) frames.add(frame);
  }
  if (!isLogged) return null;
  const messages = new Map<LoggedFrame, Message>();
  for (const { operation, frames } of around) {
    const max = Math.max(4, Math.floor(framesMax / around.length));
    for (const { frame, isOfOperation } of frames.kept().slice(0, max)) {
      messages.set(frame, messageOf(frame, isOfOperation ? operation.client : allClients, facts));
    }
  }
  return [...messages.values()];
}

/** A damaged log is no reason to have no picture. */
function* framesOf(runDir: string): Generator<LoggedFrame> {
  try {
    yield* readFrames(runDir);
  } catch {
    return;
  }
}

interface Near {
  readonly frame: LoggedFrame;
  readonly distance: number;
}

interface Nearest {
  add(frame: LoggedFrame): void;
  /** Frames of clients first, then those that a fault held, then the nearest; which of them certainly belong to the operation. */
  kept(): { readonly frame: LoggedFrame; readonly isOfOperation: boolean }[];
}

/** A frame of clients certainly belongs to the operation where no other client uses that link, or where it is the only one of its direction. */
function nearestFrames({ invoked, completed, client }: WitnessOperation, { tickNs }: Facts): Nearest {
  const fromNs = invoked * tickNs;
  const toNs = ((completed ?? invoked) + 1) * tickNs;
  const isPinned = isPinnedClient(client);
  const alike = new Map<string, readonly Near[]>();
  const counts = { fromClients: 0, toClients: 0 };
  const distanceOf = (frame: LoggedFrame): number => {
    if (isPlaceOfClients(frame.from)) return frame.readNs - fromNs;
    if (isPlaceOfClients(frame.to)) return toNs - frame.readNs;
    return Math.min(frame.readNs - fromNs, toNs - frame.readNs);
  };
  return {
    add: (frame) => {
      const { from, to, name, readNs } = frame;
      if (readNs < fromNs || readNs > toNs || isOfAnotherClient(frame, client)) return;
      const key = `${from}>${to} ${name}`;
      const max = isOfClients(frame) ? 1 : alikeMax;
      const closer = [...(alike.get(key) ?? []), { frame, distance: distanceOf(frame) }].sort(byDistance);
      alike.set(key, closer.slice(0, max));
      if (isPlaceOfClients(from)) counts.fromClients += 1;
      if (isPlaceOfClients(to)) counts.toClients += 1;
    },
    kept: () =>
      [...alike.values()]
        .flat()
        .sort((a, b) => rankOf(a.frame) - rankOf(b.frame) || byDistance(a, b))
        .map(({ frame }) => {
          const count = isPlaceOfClients(frame.from) ? counts.fromClients : counts.toClients;
          return { frame, isOfOperation: isPinned || count === 1 };
        }),
  };
}

const byDistance = (a: Near, b: Near): number => a.distance - b.distance;
const rankOf = (frame: LoggedFrame): number => (isOfClients(frame) ? 0 : isHeld(frame) ? 1 : 2);
const isHeld = ({ readNs, writtenNs }: LoggedFrame): boolean => writtenNs - readNs > heldMs * 1e6;
const isPinnedClient = (client: string): boolean => client.startsWith('pn');
const isPlaceOfClients = (place: string): boolean => place.startsWith('client');
const isOfClients = ({ from, to }: LoggedFrame): boolean => isPlaceOfClients(from) || isPlaceOfClients(to);

/** `client@n1` is the one that is pinned to n1, `pn1`; `clients` are all that are not pinned. */
function isOfAnotherClient(frame: LoggedFrame, client: string): boolean {
  if (!isOfClients(frame)) return false;
  const place = isPlaceOfClients(frame.from) ? frame.from : frame.to;
  return place !== (isPinnedClient(client) ? `client@${client.slice(1)}` : allClients);
}

function messageOf(
  { from, to, readNs, writtenNs, name, bytes }: LoggedFrame,
  client: string,
  { nodes, tickNs, end }: Facts,
): Message {
  const sent = Math.floor(readNs / tickNs);
  const arrival = Number.isFinite(writtenNs) ? Math.floor(writtenNs / tickNs) : null;
  const received = arrival === null || arrival > end ? null : Math.max(sent, arrival);
  const line = (place: string, at: number): string => {
    if (isPlaceOfClients(place)) return client;
    const members = nodes.find(({ slot }) => slot === place)?.members ?? [];
    const alive = members.findLast((member) => member.from <= at) ?? members[0];
    return alive?.name ?? place;
  };
  const waitedMs = (writtenNs - readNs) / 1e6;
  const wait = waitedMs > heldMs ? `, held for ${Math.round(waitedMs)} ms` : '';
  const whose =
    client === allClients && (isPlaceOfClients(from) || isPlaceOfClients(to))
      ? ', of this operation or of another at the same time'
      : '';
  return {
    from: line(from, sent),
    to: line(to, received ?? sent),
    sent,
    received,
    words: `${name} from ${from} to ${to}, ${bytes} bytes${wait}${whose}`,
  };
}
