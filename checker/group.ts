import type { Checker, RecordedRun } from '../core/checker.ts';
import type { TraceEvent } from '../core/trace.ts';
import type { PropertyResult } from '../core/verdict.ts';
import { installedViews, numberOf, slotNameOf, textOf, type InstalledView } from './trace-facts.ts';
import { counted, findings } from './words.ts';

/**
 * What the layers above the group rely on [Guerraoui & Schiper: view agreement, total order, view synchrony; PROTOCOLS I.11], read from
 * what the members say of themselves.
 */
export const group = {
  name: 'group',
  description:
    'members agree on views, on the order of messages and on what was delivered before each view; one primary a view',
  check: (run) => judgeGroup(run),
} satisfies Checker;

/** `isAbsence`: something is missing, which a damaged trace would explain as well. */
interface Violation {
  readonly what: string;
  readonly isAbsence: boolean;
}

export function judgeGroup({ plan, trace, damage }: RecordedRun): PropertyResult {
  const views = installedViews(trace);
  if (views.length === 0) {
    return plan.impl.claims.tolerates === 'none'
      ? { verdict: 'not-applicable', reason: 'one process forms no group' }
      : { verdict: 'unknown', reason: 'the trace tells of no view' };
  }
  const violations = [
    ...viewAgreement(views),
    ...admittedOnce(views),
    ...risingViews(views),
    ...totalOrder(trace),
    ...onePrimary(trace, views),
    ...deliveries(trace, views),
  ];
  const isDamaged = damage.trace.length > 0;
  const certain = violations.filter(({ isAbsence }) => !isAbsence || !isDamaged);
  const details = {
    views: new Set(views.map(({ id }) => id)).size,
    violations: violations.map(({ what }) => what).slice(0, 20),
  };
  if (certain.length > 0)
    return {
      verdict: 'invalid',
      reason: findings(certain.map(({ what }) => what)),
      details,
    };
  if (violations.length > 0) {
    const reason = `the trace is damaged, which may explain: ${findings(violations.map(({ what }) => what))}`;
    return { verdict: 'unknown', reason, details };
  }
  const highest = Math.max(...views.map(({ id }) => id));
  return {
    verdict: 'valid',
    reason: `${counted(details.views, 'view')} up to view ${highest}, agreed by all who installed them`,
    details,
  };
}

const certainly = (what: string): Violation => ({ what, isAbsence: false });

/** Whoever installs a view installs the same one, and is in it; it holds one incarnation of a slot. */
function viewAgreement(views: readonly InstalledView[]): Violation[] {
  const violations: Violation[] = [];
  const first = new Map<number, InstalledView>();
  for (const view of views) {
    const known = first.get(view.id) ?? view;
    first.set(view.id, known);
    if (known.members.join() !== view.members.join()) {
      violations.push(
        certainly(
          `view agreement: view ${view.id} is ${known.members.join(', ')} at ${known.node} but ${view.members.join(', ')} at ${view.node}`,
        ),
      );
    }
    if (!view.members.includes(view.node)) {
      violations.push(
        certainly(`view agreement: ${view.node} installed view ${view.id}, in which it is not`),
      );
    }
    if (known === view && new Set(view.members.map(slotNameOf)).size < view.members.length) {
      violations.push(
        certainly(
          `view agreement: view ${view.id} has two incarnations of one slot: ${view.members.join(', ')}`,
        ),
      );
    }
  }
  return violations;
}

function risingViews(views: readonly InstalledView[]): Violation[] {
  const last = new Map<string, number>();
  const violations: Violation[] = [];
  for (const { node, id } of views) {
    const before = last.get(node) ?? -Infinity;
    if (id <= before)
      violations.push(certainly(`view agreement: ${node} installed view ${id} after view ${before}`));
    last.set(node, Math.max(id, before));
  }
  return violations;
}

/** An incarnation that a view left out is never in a later one: it may have missed what was delivered meanwhile. */
function admittedOnce(views: readonly InstalledView[]): Violation[] {
  const byId = new Map(views.map((view) => [view.id, view.members]));
  const violations: Violation[] = [];
  const present = new Set<string>();
  const gone = new Map<string, number>();
  for (const [id, members] of [...byId].sort(([a], [b]) => a - b)) {
    for (const member of present) {
      if (members.includes(member)) continue;
      present.delete(member);
      gone.set(member, id);
    }
    for (const member of members) {
      const left = gone.get(member);
      if (left === undefined) present.add(member);
      else
        violations.push(
          certainly(`incarnations: ${member} was left out of view ${left} but is in view ${id} again`),
        );
    }
  }
  return violations;
}

function totalOrder(trace: readonly TraceEvent[]): Violation[] {
  const first = new Map<string, TraceEvent>();
  const violations: Violation[] = [];
  for (const event of trace) {
    if (event.event !== 'deliver') continue;
    const position = `${numberOf(event['view'])}/${numberOf(event['n'])}`;
    const known = first.get(position);
    if (known === undefined) first.set(position, event);
    else if (known['request'] !== event['request']) {
      violations.push(
        certainly(
          `total order: message ${position} is ${textOf(known['request'])} at ${known.node} but ${textOf(event['request'])} at ${event.node}`,
        ),
      );
    }
  }
  return violations;
}

/** One member a view acts as its primary, and it is the one that the view names. */
function onePrimary(trace: readonly TraceEvent[], views: readonly InstalledView[]): Violation[] {
  const named = new Map(views.map(({ id, primary }) => [id, primary]));
  const primaries = new Map<number, string>();
  const violations: Violation[] = [];
  for (const event of trace) {
    if (event.event !== 'role' || event['role'] !== 'primary') continue;
    const view = numberOf(event['view']);
    const known = primaries.get(view) ?? named.get(view) ?? event.node;
    primaries.set(view, known);
    if (known !== event.node) {
      violations.push(
        certainly(`one primary: ${event.node} acts as the primary of view ${view}, which is ${known}`),
      );
    }
  }
  return violations;
}

/**
 * In a view a member delivers messages 1, 2, 3 and so on; all who go on together from one view to the next have delivered the same number in
 * the first. A member that died in between is no witness: it may not have come to write its last lines.
 */
function deliveries(trace: readonly TraceEvent[], views: readonly InstalledView[]): Violation[] {
  const violations: Violation[] = [];
  const delivered = new Map<string, number>();
  const ends = new Map<string, { readonly node: string; readonly view: number; readonly count: number }>();
  for (const event of trace) {
    const view = numberOf(event['view']);
    const at = `${event.node} ${view}`;
    if (event.event === 'deliver') {
      const n = numberOf(event['n']);
      const expected = (delivered.get(at) ?? 0) + 1;
      if (n !== expected) {
        const what = `delivery: ${event.node} delivered message ${n} of view ${view} where message ${expected} was due`;
        violations.push({ what, isAbsence: n > expected });
      }
      delivered.set(at, n);
    } else if (event.event === 'view-end') {
      const count = numberOf(event['delivered']);
      ends.set(at, { node: event.node, view, count });
      if (count !== (delivered.get(at) ?? 0)) {
        const what = `delivery: ${event.node} left view ${view} with ${count} messages but delivered ${delivered.get(at) ?? 0}`;
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
