/**
 * What must hold in every schedule, told from the trace alone and fast enough for sweeps; the checkers of the checker room judge the rest.
 * Returns sentences, none if all is well.
 */
import type { MemberId, Slot } from '../../core/ids.ts';
import { slotOf, slots as slotsOf } from '../../core/ids.ts';
import type { Claims } from '../../core/impl.ts';
import type { Json } from '../../core/json.ts';
import type { TraceEvent } from '../../core/trace.ts';
import type { SimulationResult } from './simulate.ts';

/** The part of a result that the invariants speak of. */
export type Judged = Pick<
  SimulationResult,
  'trace' | 'history' | 'violations' | 'running' | 'finalReadsAnswered'
>;

/** The part of what an impl claims that decides whether progress is owed. */
export type ProgressClaims = Pick<Claims, 'tolerates' | 'heirs' | 'units'>;

/** Everything that a schedule got wrong; unless told otherwise, of one group of all nodes that goes on while a majority lives. */
export function violationsOf(
  result: Judged,
  nodes: number,
  claims: ProgressClaims = { tolerates: 'majority' },
): string[] {
  const violations = [...result.violations, ...safetyViolations(result)];
  const progress = progressOf(result, slotsOf(nodes), claims);
  return progress.isOwed ? [...violations, ...progress.missing] : violations;
}

const text = (value: Json | undefined): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null);

/** Where a unit has views and a log of its own, whose numbers say nothing about those of others: ` of front`. */
const ofUnit = ({ unit }: TraceEvent): string => (unit === undefined ? '' : ` of ${text(unit)}`);

interface InstalledView {
  readonly id: number;
  readonly members: readonly MemberId[];
  readonly fresh: readonly MemberId[];
  /** Members that vote and never have state. */
  readonly witnesses: readonly MemberId[];
  /** Who installed it. */
  readonly by: readonly string[];
}

/** What may never happen, however many fail. */
export function safetyViolations({ trace, history }: Pick<Judged, 'trace' | 'history'>): string[] {
  const violations: string[] = [];
  /** Says so if `what` was said differently before. */
  const agreement = (rule: string) => {
    const said = new Map<string, { by: string; value: string }>();
    return (what: string, value: string, by: string): void => {
      const first = said.get(what);
      if (first === undefined) said.set(what, { by, value });
      else if (first.value !== value)
        violations.push(`${rule}: ${what} is ${first.value} for ${first.by}, ${value} for ${by}`);
    };
  };
  const membership = agreement('one membership a view');
  const delivery = agreement('one request a position');
  const viewEnd = agreement('equal counts at the end of a view');
  const position = agreement('a request takes effect once');
  const executedBy = new Set<string>();
  const executed = new Set<string>();
  const lastView = new Map<string, number>();
  const lastDelivery = new Map<string, { view: number; n: number }>();

  for (const event of trace) {
    const { node } = event;
    const view = Number(event['view']);
    switch (event.event) {
      case 'view': {
        membership(
          `view ${view}${ofUnit(event)}`,
          JSON.stringify([event['members'], event['fresh'], event['witnesses'], event['primary']]),
          node,
        );
        const before = lastView.get(node);
        if (before !== undefined && view <= before)
          violations.push(`${node} installed view ${view} after view ${before}`);
        lastView.set(node, view);
        break;
      }
      case 'view-end':
        viewEnd(`the number of messages in view ${view}`, text(event['delivered']), node);
        break;
      case 'deliver': {
        const n = Number(event['n']);
        delivery(`message ${n} of view ${view}`, text(event['request']), node);
        const before = lastDelivery.get(node);
        const expected = before?.view === view ? before.n + 1 : null;
        if (expected !== null && n !== expected)
          violations.push(`${node} delivered ${n} after ${n - 1} in view ${view}`);
        lastDelivery.set(node, { view, n });
        break;
      }
      case 'executed': {
        const request = text(event['request']);
        position(request + ofUnit(event), `position ${view}.${text(event['n'])}`, node);
        const id = `${node} ${request}`;
        if (executedBy.has(id)) violations.push(`${node} executed ${request} twice`);
        executedBy.add(id);
        executed.add(request);
        break;
      }
      default:
    }
  }
  if (executed.size > 0) violations.push(...answeredUnexecuted(history, executed));
  return violations;
}

function answeredUnexecuted(history: Judged['history'], executed: ReadonlySet<string>): string[] {
  const open = new Map<number, string>();
  const violations: string[] = [];
  for (const event of history) {
    const request = open.get(event.process);
    if (event.type === 'invoke') open.set(event.process, event.request ?? '');
    else if (event.type === 'ok' && request !== undefined && !executed.has(request)) {
      violations.push(`${request} was answered and executed by nobody`);
    }
  }
  return violations;
}

/** Every view that anyone in these slots installed, the last first. */
function viewsOf(trace: readonly TraceEvent[], slots: readonly Slot[]): InstalledView[] {
  const views = new Map<number, InstalledView>();
  for (const event of trace) {
    if (event.event !== 'view' || !slots.some((slot) => event.node.startsWith(`${slot}.`))) continue;
    const { members, fresh, witnesses } = event as Partial<Omit<InstalledView, 'id' | 'by'>>;
    const id = Number(event['view']);
    const by = [...(views.get(id)?.by ?? []), event.node];
    views.set(id, { id, members: members ?? [], fresh: fresh ?? [], witnesses: witnesses ?? [], by });
  }
  return [...views.values()].sort((a, b) => b.id - a.id);
}

/** What progress there must be, and what of it is missing. */
interface Progress {
  readonly isOwed: boolean;
  readonly missing: readonly string[];
}

/**
 * Whether progress after the last heal is owed, and what of it is missing. It is owed if every group of slots that agrees on views of its own
 * can go on; then the final reads are answered, every group is at full strength, and nothing waits to be acknowledged.
 */
export function progressOf(result: Judged, slots: readonly Slot[], claims: ProgressClaims): Progress {
  const groups = (claims.units ?? [slots]).map((own) => groupProgress(result, own, claims));
  const isOwed = groups.every((group) => group.isOwed);
  const answered = result.finalReadsAnswered ? [] : ['the final reads were not answered'];
  const missing = [...answered, ...groups.flatMap((group) => group.missing), ...leftInQueues(result)];
  return { isOwed, missing: isOwed ? missing : [] };
}

/**
 * A group can go on if a majority of its last view is alive at the end, as incarnations, and in a recovery unit with it a replica that has
 * state; then every slot is in that view, with state but for witnesses. A view that nobody alive has installed may be known to nobody
 * alive: then they have to agree on it once more, which takes the same of the view before.
 */
function groupProgress(
  { trace, running }: Judged,
  slots: readonly Slot[],
  { tolerates, heirs }: ProgressClaims,
): Progress {
  const isRunning = (member: string): boolean => running.some((other) => other === member);
  const views = viewsOf(trace, slots);
  const [view] = views;
  if (view === undefined) {
    const isOwed = slots.every((slot) => running.some((member) => slotOf(member) === slot));
    return { isOwed, missing: [] };
  }
  const synced = new Set(trace.filter((event) => event.event === 'synced').map((event) => event.node));
  const confirmed = new Set(
    trace.filter(({ event }) => event === 'heir').map((event) => `${event.node} ${Number(event['view'])}`),
  );
  const hasState = ({ fresh, witnesses }: InstalledView, member: MemberId): boolean =>
    !witnesses.includes(member) && (!fresh.includes(member) || synced.has(member));
  const stands = (one: InstalledView): boolean => {
    if (one.members.filter(isRunning).length <= one.members.length / 2) return false;
    const mayGoOn = (id: MemberId, place: number): boolean =>
      heirs !== 'first-two' ||
      place === 0 ||
      (place === 1 && (one.id === 1 || confirmed.has(`${id} ${one.id}`)));
    return (
      tolerates !== 'unit' ||
      one.members.some((id, place) => isRunning(id) && hasState(one, id) && mayGoOn(id, place))
    );
  };
  const known = views.findIndex(({ by }) => by.some(isRunning));
  const needed = known === -1 ? views : views.slice(0, known + 1);
  if (!needed.every(stands)) return { isOwed: false, missing: [] };
  const name = `view ${view.id} {${view.members.join(' ')}}`;
  const missing = slots.flatMap((slot) => {
    const member = view.members.find((id) => slotOf(id) === slot);
    if (member === undefined) return [`${slot} is not in the last view, ${name}`];
    if (!isRunning(member)) return [`${member} of the last view, ${name}, is not running`];
    if (view.witnesses.includes(member) || hasState(view, member)) return [];
    return [`${member} never got the state in the last view, ${name}`];
  });
  return { isOwed: true, missing };
}

/** Outputs that nobody acknowledged for long, by what running replicas last said of it. A client that gave up acknowledges nothing more. */
function leftInQueues({ trace, history, running }: Judged): string[] {
  const queued = new Map<string, readonly string[]>();
  for (const event of trace) {
    if (event.event !== 'queued') continue;
    const { peers } = event as { peers?: readonly string[] };
    queued.set(event.node, peers ?? []);
  }
  if (queued.size === 0) return [];
  const silent = clientsThatGaveUp(history);
  return running.flatMap((node) => {
    const peers = (queued.get(node) ?? []).filter((peer) => !silent.has(peer));
    return peers.length === 0 ? [] : [`${node} has outputs that ${peers.join(' and ')} never acknowledged`];
  });
}

/** Clients whose last operation ended without an answer. */
function clientsThatGaveUp(history: Judged['history']): ReadonlySet<string> {
  const silent = new Set<string>();
  const open = new Map<number, string>();
  for (const { process, type, request } of history) {
    if (type === 'invoke') {
      const [client = ''] = (request ?? '').split('/');
      open.set(process, client);
      silent.add(client);
    } else if (type === 'ok') silent.delete(open.get(process) ?? '');
  }
  return silent;
}
