/**
 * What must hold in every schedule, told from the trace alone and fast enough for sweeps; the checkers of the checker room judge the rest.
 * Returns sentences, none if all is well.
 */
import type { MemberId, Slot } from '../../core/ids.ts';
import { slotOf, slots as slotsOf } from '../../core/ids.ts';
import type { Json } from '../../core/json.ts';
import type { TraceEvent } from '../../core/trace.ts';
import type { SimulationResult } from './simulate.ts';

/** The part of a result that the invariants speak of. */
export type Judged = Pick<
  SimulationResult,
  'trace' | 'history' | 'violations' | 'running' | 'finalReadsAnswered'
>;

/** Everything that a schedule got wrong. */
export function violationsOf(result: Judged, nodes: number): string[] {
  const violations = [...result.violations, ...safetyViolations(result)];
  const progress = progressOf(result, slotsOf(nodes));
  return progress.isOwed ? [...violations, ...progress.missing] : violations;
}

const text = (value: Json | undefined): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null);

interface InstalledView {
  readonly id: number;
  readonly members: readonly MemberId[];
  readonly fresh: readonly MemberId[];
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
          `view ${view}`,
          JSON.stringify([event['members'], event['fresh'], event['primary']]),
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
        position(request, `position ${view}.${text(event['n'])}`, node);
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

/** Every view that anyone installed, the last first. */
function viewsOf(trace: readonly TraceEvent[]): InstalledView[] {
  const views = new Map<number, InstalledView>();
  for (const event of trace) {
    if (event.event !== 'view') continue;
    const { members, fresh } = event as { members?: readonly MemberId[]; fresh?: readonly MemberId[] };
    const id = Number(event['view']);
    const by = [...(views.get(id)?.by ?? []), event.node];
    views.set(id, { id, members: members ?? [], fresh: fresh ?? [], by });
  }
  return [...views.values()].sort((a, b) => b.id - a.id);
}

/**
 * Whether progress after the last heal is owed, and what of it is missing. It is owed if a majority of the last view is alive at the end, as
 * incarnations; then the final reads are answered, and every slot is synced in that view. A view that nobody alive has installed may be
 * known to nobody alive: then they have to agree on it once more, which takes a majority of the view before as well.
 */
export function progressOf(
  { trace, running, finalReadsAnswered }: Judged,
  slots: readonly Slot[],
): { readonly isOwed: boolean; readonly missing: readonly string[] } {
  const views = viewsOf(trace);
  const [view] = views;
  if (view === undefined) {
    return {
      isOwed: running.length === slots.length,
      missing: finalReadsAnswered ? [] : ['the final reads were not answered'],
    };
  }
  const isRunning = (member: string): boolean => running.some((other) => other === member);
  const isFresh = ({ fresh }: InstalledView, member: string): boolean =>
    fresh.some((other) => other === member);
  const known = views.findIndex(({ by }) => by.some(isRunning));
  const needed = known === -1 ? views : views.slice(0, known + 1);
  const hasMajority = ({ members }: InstalledView): boolean =>
    members.filter(isRunning).length > members.length / 2;
  if (!needed.every(hasMajority)) return { isOwed: false, missing: [] };
  const synced = new Set(trace.filter((event) => event.event === 'synced').map((event) => event.node));
  const isSynced = (member: MemberId): boolean => !isFresh(view, member) || synced.has(member);
  const name = `view ${view.id} {${view.members.join(' ')}}`;
  const missing = slots.flatMap((slot) => {
    const member = view.members.find((id) => slotOf(id) === slot);
    if (member === undefined) return [`${slot} is not in the last view, ${name}`];
    if (!isRunning(member)) return [`${member} of the last view, ${name}, is not running`];
    return isSynced(member) ? [] : [`${member} never got the state in the last view, ${name}`];
  });
  return {
    isOwed: true,
    missing: finalReadsAnswered ? missing : ['the final reads were not answered', ...missing],
  };
}
