/** Replicas are the first three of five slots, witnesses the other two. */
import { describe, expect, test } from '@jest/globals';
import type { MemberId } from '../../core/ids.ts';
import type { View } from '../messages.ts';
import { unitPolicy } from './membership.ts';

const ids = (names: string): MemberId[] => names.split(' ').filter((name) => name !== '') as MemberId[];
const isReplica = (id: MemberId): boolean => /^n[123]\./.test(id);

const all = ids('n1.0 n2.0 n3.0 n4.0 n5.0');
const first = (guard: boolean): View => unitPolicy({ isReplica, guard }).first(all);

interface Case {
  readonly what: string;
  readonly guard?: boolean;
  readonly view?: View;
  /** Who answered; `-`: without state, `?`: not what senders before it had. */
  readonly answers: string;
  readonly joins?: string;
  readonly members: string | null;
  readonly fresh?: string;
}

function next({ guard = false, view = first(guard), answers, joins = '' }: Case): View | null {
  const responders = new Map(
    answers.split(' ').map((text) => {
      const [id] = ids(text.replace(/[-?]/, ''));
      return [id as MemberId, { synced: !text.endsWith('-'), heir: !text.endsWith('?') }];
    }),
  );
  return unitPolicy({ isReplica, guard }).next(view, responders, ids(joins));
}

const afterLoss: View = {
  id: 2,
  members: ids('n2.0 n3.0 n4.0 n5.0'),
  fresh: ids('n4.0 n5.0'),
  gone: { n1: 0 },
};
const withJoiner: View = {
  id: 3,
  members: ids('n2.0 n1.1 n4.0 n5.0'),
  fresh: ids('n1.1 n4.0 n5.0'),
  gone: { n1: 0, n3: 0 },
};

const cases: readonly Case[] = [
  {
    what: 'the primary is lost: the next in line comes first',
    answers: 'n2.0 n3.0 n4.0- n5.0-',
    members: 'n2.0 n3.0 n4.0 n5.0',
    fresh: 'n4.0 n5.0',
  },
  {
    what: 'the sender is lost: those before it keep their order',
    answers: 'n2.0 n1.0 n5.0-',
    members: 'n1.0 n2.0 n5.0',
    fresh: 'n5.0',
  },
  {
    what: 'a replica joins behind those with state, and before the witnesses',
    view: afterLoss,
    answers: 'n2.0 n3.0 n4.0- n5.0-',
    joins: 'n1.1',
    members: 'n2.0 n3.0 n1.1 n4.0 n5.0',
    fresh: 'n1.1 n4.0 n5.0',
  },
  {
    what: 'a witness joins behind everybody',
    answers: 'n1.0 n2.0 n3.0 n5.0-',
    joins: 'n4.1',
    members: 'n1.0 n2.0 n3.0 n5.0 n4.1',
    fresh: 'n5.0 n4.1',
  },
  {
    what: 'one that would come first has not got its state: not with these',
    view: withJoiner,
    answers: 'n1.1- n4.0- n5.0-',
    members: null,
  },
  {
    what: 'it has got it: with these',
    view: withJoiner,
    answers: 'n1.1 n4.0- n5.0-',
    members: 'n1.1 n4.0 n5.0',
    fresh: 'n4.0 n5.0',
  },
  { what: 'witnesses alone: not with these', answers: 'n4.0- n5.0-', joins: 'n1.1', members: null },
  {
    what: 'a line goes on from its last replica',
    answers: 'n3.0 n4.0- n5.0-',
    members: 'n3.0 n4.0 n5.0',
    fresh: 'n4.0 n5.0',
  },
  {
    what: 'with the guard, not without both the primary and the sender',
    guard: true,
    answers: 'n3.0 n4.0- n5.0-',
    members: null,
  },
  {
    what: 'with the guard, from the sender',
    guard: true,
    answers: 'n2.0 n3.0 n4.0- n5.0-',
    members: 'n2.0 n3.0 n4.0 n5.0',
    fresh: 'n4.0 n5.0',
  },
  {
    what: 'with the guard, not from a sender that lacks what one before it had',
    guard: true,
    answers: 'n2.0? n3.0 n4.0- n5.0-',
    members: null,
  },
  {
    what: 'whoever comes first anyhow need not ask what the others have',
    guard: true,
    answers: 'n1.0 n2.0? n3.0? n4.0- n5.0-',
    members: 'n1.0 n2.0 n3.0 n4.0 n5.0',
    fresh: 'n4.0 n5.0',
  },
  {
    what: 'in a line there is nothing that a sender could lack',
    answers: 'n2.0? n3.0 n4.0- n5.0-',
    members: 'n2.0 n3.0 n4.0 n5.0',
    fresh: 'n4.0 n5.0',
  },
];

test.each(cases)('$what', (one) => {
  const view = next(one);
  expect(view?.members ?? null).toEqual(one.members === null ? null : ids(one.members));
  if (one.fresh !== undefined) expect(view?.fresh).toEqual(ids(one.fresh));
});

describe('the first view', () => {
  test('has the replicas first, with state, and the witnesses without', () => {
    const policy = unitPolicy({ isReplica, guard: false });
    const { members, fresh } = policy.first(ids('n4.0 n1.0 n5.0 n2.0 n3.0'));
    expect(members).toEqual(ids('n1.0 n2.0 n3.0 n4.0 n5.0'));
    expect(fresh).toEqual(ids('n4.0 n5.0'));
  });

  test('says who votes and never has state', () => {
    expect(all.filter(unitPolicy({ isReplica, guard: false }).isWitness)).toEqual(ids('n4.0 n5.0'));
  });
});
