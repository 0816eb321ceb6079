import type { Checker, RecordedRun } from '../core/checker.ts';
import type { Plan } from '../core/plan.ts';
import type { TraceEvent } from '../core/trace.ts';
import type { PropertyResult } from '../core/verdict.ts';
import { acknowledgedInputs, collectedOutputs } from './mirroring-acks.ts';
import type { Rule } from './mirroring-connections.ts';
import { boundedQueues, numberedOutputs, senders } from './mirroring-outputs.ts';
import { handedOver, mirroredRecords, type Consumed } from './mirroring-records.ts';
import { eventsNamed } from './run-index.ts';
import { textsOf, unitOf } from './trace-facts.ts';
import { contradicted } from './violations.ts';
import { counted, findings, grouped } from './words.ts';

/**
 * Process mirroring [Murray et al., Somersault]: the replicas of a unit go through the same states, and whoever looks at the unit from
 * outside sees one process that does not fail. That two replicas never send at once is not asked: one that is wrongly suspected may go on
 * for a while, and what it sends is what the others send.
 */
export const mirroring = {
  name: 'mirroring',
  description:
    'replicas of a unit that consume the same records are in the same state, each numbered output has one content, and nothing acknowledged is lost',
  check: (run) => judgeMirroring(run),
} satisfies Checker;

export function judgeMirroring({ plan, trace, damage }: RecordedRun): PropertyResult {
  const isUnit = plan.impl.claims.tolerates === 'unit';
  if (!isUnit && eventsNamed(trace, 'consumed').length === 0)
    return { verdict: 'not-applicable', reason: 'no unit of mirrored processes ran' };
  const records = mirroredRecords();
  const counting = [
    handedOver(),
    numberedOutputs(),
    boundedQueues(),
    acknowledgedInputs(),
    collectedOutputs(inOrderOfTime(trace, ['ack-received'])),
  ];
  const rules: readonly Rule[] = [records, ...counting, senders()];
  showTo(rules, trace);
  const violations = rules.flatMap((rule) => rule.found());
  const counts = {
    ...totalOf(records.units),
    ...Object.fromEntries(counting.flatMap((rule) => Object.entries(rule.counts))),
  };
  const contradiction = contradicted(violations, damage.trace, counts);
  if (contradiction !== null) return contradiction;
  const details = { ...counts, violations: [] };
  const gaps = gapsOf(plan, inOrderOfTime(trace, ['view']), records.units);
  if (gaps.length > 0) return { verdict: 'unknown', reason: findings(gaps), details };
  return { verdict: 'valid', reason: summary(counts), details };
}

/** A node writes in bunches, so that the lines of different nodes stand only nearly in order of time. */
const inOrderOfTime = (trace: readonly TraceEvent[], names: readonly string[]): readonly TraceEvent[] =>
  [...eventsNamed(trace, ...names)].sort((a, b) => a.time - b.time);

function showTo(rules: readonly Rule[], trace: readonly TraceEvent[]): void {
  const names = [...new Set(rules.flatMap(({ events }) => events))];
  const seeing = new Map(names.map((name) => [name, rules.filter(({ events }) => events.includes(name))]));
  for (const event of inOrderOfTime(trace, names)) {
    for (const rule of seeing.get(event.event) ?? []) rule.see(event);
  }
}

function summary(counts: Readonly<Record<string, number>>): string {
  const { records = 0, compared = 0, outputs = 0, sentAgain = 0, handOvers = 0 } = counts;
  const shared = `${grouped(compared)} of ${counted(records, 'consumed record')} compared between replicas`;
  const sent = `${counted(outputs, 'output')}, sent again ${counted(sentAgain, 'time')}, each with one content`;
  return `${shared}; ${sent}; ${counted(handOvers, 'hand-over')}`;
}

function totalOf(units: ReadonlyMap<string, Consumed>): Consumed {
  const total = { records: 0, compared: 0 };
  for (const { records, compared } of units.values()) {
    total.records += records;
    total.compared += compared;
  }
  return total;
}

/** A unit that did nothing, or nothing that could be compared, proves nothing. */
function gapsOf(
  { impl }: Plan,
  views: readonly TraceEvent[],
  consumed: ReadonlyMap<string, Consumed>,
): string[] {
  const replicas = new Map<string, number>([...consumed.keys()].map((unit) => [unit, 0]));
  for (const event of views) {
    const count = textsOf(event['members']).length - textsOf(event['witnesses']).length;
    replicas.set(unitOf(event), Math.max(count, replicas.get(unitOf(event)) ?? 0));
  }
  const claimed = impl.claims.units?.length ?? 1;
  const silent =
    replicas.size < claimed ? [`the trace tells of ${replicas.size} of ${counted(claimed, 'unit')}`] : [];
  return [...silent, ...[...replicas].flatMap(([unit, count]) => idleness(unit, count, consumed.get(unit)))];
}

function idleness(unit: string, replicas: number, consumed: Consumed | undefined): string[] {
  const name = unit === '' ? 'the unit' : `unit ${unit}`;
  if (consumed === undefined) return [`${name} consumed nothing`];
  if (replicas > 1 && consumed.compared === 0) return [`no two replicas of ${name} consumed the same record`];
  return [];
}
