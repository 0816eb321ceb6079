import type { RecordedRun } from '../core/checker.ts';
import type { TraceEvent } from '../core/trace.ts';
import type { Goal } from './goals.ts';
import { groupsOf, type Group } from './groups.ts';
import { eventsNamed } from './run-index.ts';
import { isAliveAt, livesOf } from './trace-facts.ts';

/** What the layer was made to do: nice to know, not a condition. */
export function layerGoals({ plan, trace }: RecordedRun): Goal[] {
  if (plan.faults.length === 0) return [];
  const times = (name: string, isMeant = (_: TraceEvent): boolean => true): number =>
    eventsNamed(trace, name).filter(isMeant).length;
  const goals = [
    { name: 'duplicate met the reply cache', count: times('cached') },
    { name: 'somebody was suspected', count: times('suspect') },
    { name: 'state was transferred', count: times('state-transfer', isReceived) },
    ...(plan.impl.claims.tolerates === 'unit'
      ? [
          { name: 'role handed over', count: times('hand-over', isReceived) },
          {
            name: 'output sent again',
            count: times('emitted', ({ again }) => again === true),
          },
          { name: 'witness voted', count: witnessVotes(groupsOf(plan, trace), trace) },
        ]
      : []),
  ];
  return goals.map((goal) => ({ ...goal, required: false, minimum: 1 }));
}

const isReceived = ({ phase }: TraceEvent): boolean => phase === 'received';

/** Views that replicas alone could not have agreed on: when their members began to leave the view before, too few of its replicas were alive. */
function witnessVotes(groups: readonly Group[], trace: readonly TraceEvent[]): number {
  const lives = livesOf(trace);
  return groups.reduce((sum, { views, firstView, changes }) => {
    const byId = new Map([[firstView.id, firstView], ...views.map((view) => [view.id, view] as const)]);
    const decided = [...byId.values()].filter(({ id, members, witnesses }) => {
      const began = Math.min(...changes.filter(({ view }) => view === id).map(({ time }) => time));
      const replicas = members.filter((member) => !witnesses.includes(member));
      const alive = replicas.filter((member) => isAliveAt(lives.get(member), began));
      return byId.has(id + 1) && began < Infinity && alive.length <= members.length / 2;
    });
    return sum + decided.length;
  }, 0);
}
