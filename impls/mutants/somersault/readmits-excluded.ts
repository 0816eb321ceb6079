import type { MemberId } from '../../../core/ids.ts';
import { slotOf } from '../../../core/ids.ts';
import { Group } from '../../group/group.ts';
import type { MembershipPolicy } from '../../group/membership.ts';
import { Unit } from '../../somersault/unit.ts';

/** Who was excluded knocks again as it is, with the gap in its log, and is let in. */
export class ReadmitsExcluded extends Unit {
  protected override makeGroup(policy: MembershipPolicy): Group {
    const forgetful: MembershipPolicy = {
      ...policy,
      next: (view, responders, joins) => {
        const next = policy.next({ ...view, gone: {} }, responders, joins);
        if (next === null) return null;
        const present = new Set<string>(next.members.map(slotOf));
        const gone = Object.entries({ ...view.gone, ...next.gone }).filter(([slot]) => !present.has(slot));
        return { ...next, gone: Object.fromEntries(gone) };
      },
    };
    return new Returning(this.port, 'views', this.groupUser(), forgetful);
  }
}

class Returning extends Group {
  override refuses(from: MemberId): boolean {
    super.refuses(from);
    return false;
  }

  protected override leave(): void {
    if (this.view === null) return;
    this.view = null;
    this.knock();
  }
}
