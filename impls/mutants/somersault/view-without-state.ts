import type { MemberId } from '../../../core/ids.ts';
import { type Group } from '../../group/group.ts';
import type { MembershipPolicy } from '../../group/membership.ts';
import { Unit } from '../../somersault/unit.ts';

/** A majority is enough for a view, whoever has the state: a joiner that comes first in it begins empty. */
export class ViewWithoutState extends Unit {
  protected override makeGroup(policy: MembershipPolicy): Group {
    return super.makeGroup({
      ...policy,
      next: (view, responders, joins) => {
        const believed = [...responders.keys(), ...joins].map((id): [MemberId, { synced: boolean }] => [
          id,
          { synced: !policy.isWitness(id) },
        ]);
        return policy.next(view, new Map(believed.filter(([id]) => responders.has(id))), joins);
      },
    });
  }

  protected override installed(): void {
    if (this.isReplica && this.replicas[0] === this.port.me) this.full = true;
    super.installed();
  }
}
