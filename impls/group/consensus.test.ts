import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MemberId } from '../../core/ids.ts';
import { memberId, slots } from '../../core/ids.ts';
import { makeRandom } from '../../core/random.ts';
import type { ConsensusMessage, Value } from '../messages.ts';
import { Consensus } from './consensus.ts';

const value = (n: number): Value => ({ next: null, cut: n, messages: [], batch: [] });

/**
 * Members that propose at random times, messages in any order between pairs (FIFO within a pair), random suspicions that come and go, and a
 * minority that dies. At most one value is ever decided, it was proposed, and once suspicions are right everybody who lives decides.
 */
test('one value, proposed by somebody, decided by all who live', () => {
  fc.assert(
    fc.property(fc.integer(), fc.constantFrom(1, 2, 3, 4, 5), (seed, size) => {
      const random = makeRandom(seed);
      const members = slots(size).map((slot) => memberId(slot, 0));
      const queues = new Map<string, { from: MemberId; to: MemberId; message: ConsensusMessage }[]>();
      const suspected = new Set<string>();
      const dead = new Set<MemberId>();
      const decisions = new Map<MemberId, number>();
      const wantsValue = new Set<MemberId>();
      const nodes = new Map(
        members.map((me) => [
          me,
          new Consensus({
            v: 1,
            k: 1,
            me,
            members,
            port: {
              send: (to, message) => {
                const key = `${me}>${to}`;
                queues.set(key, [...(queues.get(key) ?? []), { from: me, to, message }]);
              },
              suspects: (id) => suspected.has(`${me}>${id}`),
              needValue: () => wantsValue.add(me),
              decided: (decided) => decisions.set(me, decided.cut),
            },
          }),
        ]),
      );
      const live = () => members.filter((id) => !dead.has(id));
      const node = (id: MemberId) => nodes.get(id) as Consensus;
      const propose = (id: MemberId) => node(id).propose(value(members.indexOf(id) + 1));
      const move = (): boolean => {
        const waiting = [...queues.values()].filter((queue) => queue.length > 0);
        if (waiting.length === 0) return false;
        const next = random.pick(waiting).shift();
        if (next !== undefined && !dead.has(next.to)) node(next.to).receive(next.from, next.message);
        return true;
      };
      for (let i = 0; i < 150; i++) {
        const what = random.int(1, 10);
        const who = random.pick(live());
        if (what === 1) propose(who);
        else if (what === 2) {
          const pair = `${who}>${random.pick(members)}`;
          if (!suspected.delete(pair)) suspected.add(pair);
          node(who).check();
        } else if (what === 3 && dead.size + 1 <= (size - 1) / 2 && random.chance(0.1)) dead.add(who);
        else move();
      }
      suspected.clear();
      for (const id of live()) for (const other of dead) suspected.add(`${id}>${other}`);
      propose(live()[0] as MemberId);
      for (let i = 0; i < 20_000; i++) {
        for (const id of wantsValue) propose(id);
        wantsValue.clear();
        for (const id of live()) node(id).check();
        if (!move()) break;
      }
      expect(new Set(decisions.values()).size).toBe(1);
      expect([...decisions.values()][0]).toBeLessThanOrEqual(size);
      expect(live().filter((id) => !decisions.has(id))).toEqual([]);
    }),
    { numRuns: 300, endOnFailure: true },
  );
});
