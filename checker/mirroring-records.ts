import { incarnationOf, isMemberId } from '../core/ids.ts';
import type { TraceEvent } from '../core/trace.ts';
import { within, type CountingRule, type Rule } from './mirroring-connections.ts';
import { numberOf, textOf, unitOf } from './trace-facts.ts';
import { certainly, missing, violationList, type Violation } from './violations.ts';

/** A record as somebody consumed it. */
interface Consumption {
  readonly event: TraceEvent;
  /** The same with other choices: the one that made them died before it could log them, and the next primary made its own. */
  other: Consumption | null;
}

/** How far a replica is. */
interface Progress {
  lsn: number;
  /** The last input of each peer; of a peer that is not in it nothing is known where the replica joined. */
  readonly inputs: Map<string, { ep: number; n: number }>;
}

/** What a unit has consumed, and how much of it by more than one replica. */
export interface Consumed {
  records: number;
  compared: number;
}

/**
 * Replicas that consume the same records are in the same state [Somersault §2.2], and each consumes the messages of a peer one by one. A
 * joining replica is judged from its hand-over on.
 */
export function mirroredRecords(): Rule & { readonly units: ReadonlyMap<string, Consumed> } {
  const { all, once } = violationList();
  const units = new Map<string, Consumed>();
  const byOrigin = new Map<string, Map<number, Consumption>>();
  const progress = new Map<string, Progress>();
  const newProgress = (): Progress => ({ lsn: 0, inputs: new Map() });

  const consumed = (event: TraceEvent): void => {
    const { node } = event;
    if (isJoiner(node) && !progress.has(node)) return;
    const own = within(progress, node, newProgress);
    const lsn = numberOf(event['lsn']);
    if (lsn <= own.lsn) {
      once(`order ${node}`, () =>
        certainly(`order of records: ${node} consumed record ${lsn} after record ${own.lsn}`),
      );
    }
    own.lsn = lsn;
    if (event['type'] === 'in') input(event, own);
    const count = within(units, unitOf(event), () => ({ records: 0, compared: 0 }));
    count.records++;
    const known = equalTo(event);
    if (known === null || known.node === node) return;
    count.compared++;
    if (known['digest'] !== event['digest']) diverged(known, event);
  };

  const input = (event: TraceEvent, { inputs }: Progress): void => {
    const { node } = event;
    const peer = textOf(event['peer']);
    const [ep, n] = [numberOf(event['ep']), numberOf(event['n'])];
    const before = inputs.get(peer);
    inputs.set(peer, { ep, n });
    // How far a joiner's hand-over was with a peer, the trace does not say.
    if (before === undefined && isJoiner(node)) return;
    const { ep: life, n: last } = before ?? { ep, n: 0 };
    const due = ep > life ? 1 : last + 1;
    if (ep >= life && n === due) return;
    const where = `message ${due} of life ${Math.max(ep, life)} was due`;
    const what = `order of inputs: ${node} consumed ${inputName(event)}, as ${recordName(event)}, where ${where}`;
    once(`input ${node} ${peer}`, () => (ep >= life && n > due ? missing(what) : certainly(what)));
  };

  /** The first to consume the same record with the same choices; null: nobody before. */
  const equalTo = (event: TraceEvent): TraceEvent | null => {
    const records = within(byOrigin, textOf(event['origin']), () => new Map<number, Consumption>());
    let same = records.get(numberOf(event['lsn']));
    if (same === undefined) {
      records.set(numberOf(event['lsn']), { event, other: null });
      return null;
    }
    if (!isSameInput(same.event, event)) differs(same.event, event);
    while (same.event['choices'] !== event['choices']) {
      if (same.other === null) {
        same.other = { event, other: null };
        return null;
      }
      same = same.other;
    }
    return same.event;
  };
  const diverged = (known: TraceEvent, event: TraceEvent): void =>
    once(`state ${known.node} ${event.node}`, () =>
      certainly(
        `equal state: after ${recordName(event)} (${inputName(event)}), ${known.node} has digest ${textOf(known['digest'])} and ${event.node} ${textOf(event['digest'])}`,
      ),
    );
  const differs = (known: TraceEvent, event: TraceEvent): void =>
    once(`log ${known.node} ${event.node}`, () =>
      certainly(
        `one log: ${recordName(event)} is ${inputName(known)} at ${known.node} but ${inputName(event)} at ${event.node}`,
      ),
    );

  return {
    events: ['consumed', 'synced', 'hand-over'],
    units,
    found: () => all,
    see: (event) => {
      if (event.event === 'consumed') consumed(event);
      else if (event.event === 'synced' || isReceived(event)) within(progress, event.node, newProgress);
    },
  };
}

/** All but the first life of a slot join what others began. */
const isJoiner = (node: string): boolean => !isMemberId(node) || incarnationOf(node) > 0;

const recordName = (event: TraceEvent): string =>
  `record ${numberOf(event['lsn'])} of ${textOf(event['origin'])}`;

const isSameInput = (a: TraceEvent, b: TraceEvent): boolean =>
  a['type'] === b['type'] && a['peer'] === b['peer'] && a['ep'] === b['ep'] && a['n'] === b['n'];

const inputName = (event: TraceEvent): string =>
  event['type'] === 'in'
    ? `message ${numberOf(event['n'])} of ${textOf(event['peer'])}, life ${numberOf(event['ep'])}`
    : 'a timer';

/** The state that a joiner got is the one that its donor had [Somersault §3.3.3]. */
export function handedOver(): CountingRule {
  const counts = { handOvers: 0 };
  const all: Violation[] = [];
  const sent = new Map<string, TraceEvent[]>();
  return {
    events: ['hand-over'],
    counts,
    found: () => all,
    see: (event) => {
      const lsn = numberOf(event['lsn']);
      const [node, peer] = [event.node, textOf(event['peer'])];
      if (!isReceived(event)) {
        within(sent, `${node} ${peer} ${lsn}`, () => []).push(event);
        return;
      }
      counts.handOvers++;
      // A transfer that was begun again may end twice at the same record.
      const donations = sent.get(`${peer} ${node} ${lsn}`) ?? [];
      if (donations.some((donation) => donation['digest'] === event['digest'])) return;
      const got = `hand-over: ${node} got the state at record ${lsn} from ${peer}`;
      const [donation] = donations;
      if (donation === undefined) all.push(missing(`${got}, which did not hand over that state to it`));
      else {
        const digests = `with digest ${textOf(event['digest'])}, which had digest ${textOf(donation['digest'])}`;
        all.push(certainly(`${got} ${digests}`));
      }
    },
  };
}

const isReceived = (event: TraceEvent): boolean =>
  event.event === 'hand-over' && event['phase'] === 'received';
