import type { Checker, RecordedRun } from '../core/checker.ts';
import type { TraceEvent } from '../core/trace.ts';
import type { PropertyResult } from '../core/verdict.ts';
import { groupsOf } from './groups.ts';
import { eventsNamed } from './run-index.ts';
import { installedViews, numberOf, slotNameOf, textOf, unitOf, type InstalledView } from './trace-facts.ts';
import { certainly, contradicted, type Violation } from './violations.ts';
import { counted, listed } from './words.ts';

/**
 * What the layers above the group rely on [Guerraoui & Schiper: view agreement, total order, view synchrony], read from what the members
 * say of themselves. Each recovery unit is a group by itself.
 */
export const group = {
  name: 'group',
  description:
    'members agree on views, on the order of messages and on what was delivered before each view; one primary a view',
  check: (run) => judgeGroup(run),
} satisfies Checker;

export function judgeGroup({ plan, trace, damage }: RecordedRun): PropertyResult {
  const views = installedViews(trace);
  if (views.length === 0) {
    return plan.impl.claims.tolerates === 'none'
      ? { verdict: 'not-applicable', reason: 'one process forms no group' }
      : { verdict: 'unknown', reason: 'the trace tells of no view' };
  }
  const units = [...new Set(views.map(({ unit }) => unit))];
  const violations = [
    ...units.flatMap((unit) => {
      const own = views.filter((view) => view.unit === unit);
      return [...viewAgreement(own), ...admittedOnce(own), ...risingViews(own), ...firstWithState(own)];
    }),
    ...totalOrder(trace),
    ...onePrimary(trace, views),
    ...deliveries(trace, views),
  ];
  const details = { views: new Set(views.map(viewName)).size };
  const contradiction = contradicted(violations, damage.trace, details);
  if (contradiction !== null) return contradiction;
  const silent = groupsOf(plan, trace).find((one) => one.views.length === 0);
  if (silent !== undefined) {
    return {
      verdict: 'unknown',
      reason: `the trace tells of no view of ${listed([...silent.slots])}`,
      details,
    };
  }
  const highest = units.map((unit) => {
    const own = views.filter((view) => view.unit === unit);
    return viewName({ unit, id: Math.max(...own.map(({ id }) => id)) });
  });
  return {
    verdict: 'valid',
    reason: `${counted(details.views, 'view')} up to ${highest.join(' and ')}, agreed by all who installed them`,
    details: { ...details, violations: [] },
  };
}

/** `view 3`, or of a recovery unit `view 3 of front`. */
const viewName = ({ unit, id }: Pick<InstalledView, 'unit' | 'id'>): string =>
  unit === '' ? `view ${id}` : `view ${id} of ${unit}`;

/** Whoever installs a view installs the same one, and is in it; it holds one incarnation of a slot. */
function viewAgreement(views: readonly InstalledView[]): Violation[] {
  const violations: Violation[] = [];
  const first = new Map<number, InstalledView>();
  for (const view of views) {
    const name = viewName(view);
    const known = first.get(view.id) ?? view;
    first.set(view.id, known);
    if (known.members.join() !== view.members.join()) {
      violations.push(
        certainly(
          `view agreement: ${name} is ${known.members.join(', ')} at ${known.node} but ${view.members.join(', ')} at ${view.node}`,
        ),
      );
    }
    if (!view.members.includes(view.node)) {
      violations.push(certainly(`view agreement: ${view.node} installed ${name}, in which it is not`));
    }
    if (known === view && new Set(view.members.map(slotNameOf)).size < view.members.length) {
      violations.push(
        certainly(`view agreement: ${name} has two incarnations of one slot: ${view.members.join(', ')}`),
      );
    }
  }
  return violations;
}

function risingViews(views: readonly InstalledView[]): Violation[] {
  const last = new Map<string, number>();
  const violations: Violation[] = [];
  for (const view of views) {
    const { node, id } = view;
    const before = last.get(node) ?? -Infinity;
    if (id <= before)
      violations.push(certainly(`view agreement: ${node} installed ${viewName(view)} after view ${before}`));
    last.set(node, Math.max(id, before));
  }
  return violations;
}

/** An incarnation that a view left out is never in a later one: it may have missed what was delivered meanwhile. */
function admittedOnce(views: readonly InstalledView[]): Violation[] {
  const byId = new Map(views.map((view) => [view.id, view]));
  const violations: Violation[] = [];
  const present = new Set<string>();
  const gone = new Map<string, number>();
  for (const [id, view] of [...byId].sort(([a], [b]) => a - b)) {
    for (const member of present) {
      if (view.members.includes(member)) continue;
      present.delete(member);
      gone.set(member, id);
    }
    for (const member of view.members) {
      const left = gone.get(member);
      if (left === undefined) present.add(member);
      else
        violations.push(
          certainly(`incarnations: ${member} was left out of view ${left} but is in ${viewName(view)} again`),
        );
    }
  }
  return violations;
}

/** Whoever is first in a view acts for all, and goes on from the state that it has. */
function firstWithState(views: readonly InstalledView[]): Violation[] {
  const stateless = new Map<number, InstalledView>();
  for (const view of views) {
    const [first] = view.members;
    if (first !== undefined && view.fresh.includes(first)) stateless.set(view.id, view);
  }
  return [...stateless.values()].map((view) =>
    certainly(`state: ${view.members[0] ?? ''} is the first of ${viewName(view)} and has no state`),
  );
}

function totalOrder(trace: readonly TraceEvent[]): Violation[] {
  // By view and number. Nested maps and no key made of both: there are hundreds of thousands of deliveries.
  const views = new Map<number, Map<number, TraceEvent>>();
  const violations: Violation[] = [];
  for (const event of eventsNamed(trace, 'deliver')) {
    const view = numberOf(event['view']);
    const n = numberOf(event['n']);
    let first = views.get(view);
    if (first === undefined) views.set(view, (first = new Map<number, TraceEvent>()));
    const known = first.get(n);
    if (known === undefined) first.set(n, event);
    else if (known['request'] !== event['request']) {
      violations.push(
        certainly(
          `total order: message ${view}/${n} is ${textOf(known['request'])} at ${known.node} but ${textOf(event['request'])} at ${event.node}`,
        ),
      );
    }
  }
  return violations;
}

/** One member a view acts as its primary, and it is the one that the view names. */
function onePrimary(trace: readonly TraceEvent[], views: readonly InstalledView[]): Violation[] {
  const named = new Map(views.map((view) => [viewName(view), view.primary]));
  const primaries = new Map<string, string>();
  const violations: Violation[] = [];
  for (const event of eventsNamed(trace, 'role')) {
    if (!isPrimaryRole(textOf(event['role']))) continue;
    const view = viewName({ unit: unitOf(event), id: numberOf(event['view']) });
    const known = primaries.get(view) ?? named.get(view) ?? event.node;
    primaries.set(view, known);
    if (known !== event.node) {
      violations.push(
        certainly(`one primary: ${event.node} acts as the primary of ${view}, which is ${known}`),
      );
    }
  }
  return violations;
}

/** Where several units run, a role's name begins with the unit's: `front-primary`. */
const isPrimaryRole = (role: string): boolean => role === 'primary' || role.endsWith('-primary');

/**
 * In a view a member delivers messages 1, 2, 3 and so on; all who go on together from one view to the next have delivered the same number in
 * the first. A member that died in between is no witness: it may not have come to write its last lines.
 */
function deliveries(trace: readonly TraceEvent[], views: readonly InstalledView[]): Violation[] {
  const violations: Violation[] = [];
  const byNode = new Map<string, Map<number, number>>(); // by view the number of the last message
  const ends = new Map<string, { readonly node: string; readonly view: number; readonly count: number }>();
  for (const event of eventsNamed(trace, 'deliver', 'view-end')) {
    const view = numberOf(event['view']);
    let delivered = byNode.get(event.node);
    if (delivered === undefined) byNode.set(event.node, (delivered = new Map<number, number>()));
    const last = delivered.get(view) ?? 0;
    if (event.event === 'deliver') {
      const n = numberOf(event['n']);
      if (n !== last + 1) {
        const what = `delivery: ${event.node} delivered message ${n} of view ${view} where message ${last + 1} was due`;
        violations.push({ what, isAbsence: n > last + 1 });
      }
      delivered.set(view, n);
    } else {
      const count = numberOf(event['delivered']);
      ends.set(`${event.node} ${view}`, { node: event.node, view, count });
      if (count !== last) {
        const what = `delivery: ${event.node} left view ${view} with ${count} messages but delivered ${last}`;
        violations.push({ what, isAbsence: true });
      }
    }
  }
  return [...violations, ...viewSynchrony(views, ends)];
}

function viewSynchrony(
  views: readonly InstalledView[],
  ends: ReadonlyMap<string, { readonly node: string; readonly view: number; readonly count: number }>,
): Violation[] {
  const previous = new Map<string, number>();
  const first = new Map<string, { readonly node: string; readonly count: number }>();
  const violations: Violation[] = [];
  for (const { node, id } of views) {
    const from = previous.get(node);
    previous.set(node, id);
    const end = from === undefined ? undefined : ends.get(`${node} ${from}`);
    if (end === undefined) continue;
    const step = `view ${from} to view ${id}`;
    const known = first.get(step) ?? end;
    first.set(step, known);
    if (known.count !== end.count) {
      violations.push(
        certainly(
          `view synchrony: from ${step}, ${known.node} had delivered ${counted(known.count, 'message')} and ${node} ${end.count}`,
        ),
      );
    }
  }
  return violations;
}
