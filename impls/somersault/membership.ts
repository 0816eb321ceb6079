/** Which views a recovery unit forms: its replicas in the order of their chain, then its witnesses (Somersault §3.1, §3.5). */
import type { MemberId } from '../../core/ids.ts';
import type { MembershipPolicy, Responders } from '../group/membership.ts';
import { candidates, firstView, successor } from '../group/membership.ts';
import type { View } from '../messages.ts';

export interface UnitPolicyOptions {
  readonly isReplica: (id: MemberId) => boolean;
  /**
   * A view must begin with the primary or the sender of the one before, and the sender must have what senders before it had: needed
   * where a sender may know records that other survivors lack.
   */
  readonly guard: boolean;
}

/**
 * Survivors keep their order and joiners are appended, so those with state are always first among the replicas. A view is formed only by
 * members of which the first replica has the whole state, whatever majority there is: a witness votes, but what it helps to decide must go on
 * from somebody's state.
 */
export function unitPolicy({ isReplica, guard }: UnitPolicyOptions): MembershipPolicy {
  const arranged = (members: readonly MemberId[]): MemberId[] => [
    ...members.filter(isReplica),
    ...members.filter((id) => !isReplica(id)),
  ];
  const next = (view: View, responders: Responders, joins: readonly MemberId[]): View | null => {
    const { stay, newest } = candidates(view, responders, joins);
    const members = arranged([...stay, ...newest]);
    const [head] = members;
    if (head === undefined || !isReplica(head) || responders.get(head)?.synced !== true) return null;
    const isHeir =
      view.members.filter(isReplica).slice(0, 2).includes(head) && responders.get(head)?.heir !== false;
    if (guard && !isHeir) return null;
    return successor(
      view,
      members,
      members.filter((id) => responders.get(id)?.synced !== true),
    );
  };
  return {
    first: (members) => ({
      ...firstView(arranged(members)),
      fresh: members.filter((id) => !isReplica(id)),
    }),
    next,
    isWitness: (id) => !isReplica(id),
  };
}
