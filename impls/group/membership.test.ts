import { describe, expect, test } from '@jest/globals';
import type { MemberId } from '../../core/ids.ts';
import type { View } from '../messages.ts';
import type { Flush } from './membership.ts';
import { cutOf, firstView, isGone, nextView } from './membership.ts';

const ids = (...names: string[]): MemberId[] => names as MemberId[];
const answered = (...entries: readonly (readonly [string, boolean])[]) =>
  new Map(entries.map(([id, synced]) => [id as MemberId, { synced }]));
const [a, b, c] = ids('n1.0', 'n2.0', 'n3.0');
const three = firstView(ids('n1.0', 'n2.0', 'n3.0'));

describe('the next view', () => {
  test('is who answered, in the old order', () => {
    const next = nextView(three, answered(['n3.0', true], ['n1.0', true]), []);
    expect(next).toEqual({ id: 2, members: [a, c], fresh: [], gone: { n2: 0 } });
  });

  test('lets a joiner in as fresh, behind those with state', () => {
    const two: View = { id: 2, members: ids('n1.0', 'n3.0'), fresh: [], gone: { n2: 0 } };
    const next = nextView(two, answered(['n1.0', true], ['n3.0', true]), ids('n2.1'));
    expect(next).toEqual({
      id: 3,
      members: ids('n1.0', 'n3.0', 'n2.1'),
      fresh: ids('n2.1'),
      gone: { n2: 0 },
    });
  });

  test('a newer incarnation that knocks proves the older one dead', () => {
    const next = nextView(three, answered(['n1.0', true], ['n2.0', true], ['n3.0', true]), ids('n2.1'));
    expect(next?.members).toEqual(ids('n1.0', 'n3.0', 'n2.1'));
    expect(next?.gone).toEqual({ n2: 0 });
  });

  test('an incarnation that was removed is never admitted again', () => {
    const two: View = { id: 5, members: ids('n1.0', 'n3.0'), fresh: [], gone: { n2: 4 } };
    expect(isGone(two, ids('n2.4')[0] as MemberId)).toBe(true);
    expect(nextView(two, answered(['n1.0', true], ['n3.0', true]), ids('n2.4'))?.members).toEqual(
      ids('n1.0', 'n3.0'),
    );
  });

  test('keeps a member with state in every majority, trap T5', () => {
    const one: View = { id: 9, members: ids('n1.0'), fresh: [], gone: {} };
    expect(nextView(one, answered(['n1.0', true]), ids('n2.1', 'n3.1'))?.members).toEqual(
      ids('n1.0', 'n2.1'),
    );
  });

  test('waits while nobody with state answered, trap T20', () => {
    expect(nextView(three, answered(['n2.0', false], ['n3.0', false]), [])).toBeNull();
  });

  test('puts whoever has state first, trap T7', () => {
    const view: View = { id: 3, members: ids('n1.0', 'n2.1', 'n3.0'), fresh: ids('n2.1'), gone: { n2: 0 } };
    const next = nextView(view, answered(['n2.1', false], ['n3.0', true]), []);
    expect(next?.members).toEqual([c, 'n2.1']);
    expect(b).toBe('n2.0');
  });
});

describe('the cut', () => {
  const flush = (stable: number, ...seqs: number[]): Flush => ({
    kind: 'flush',
    v: 1,
    synced: true,
    heir: true,
    stable,
    joins: [],
    messages: seqs.map((seq) => [seq, `m${seq}`]),
  });

  test('takes the union of the flushes, not one buffer, trap T8', () => {
    expect(cutOf([flush(0, 1, 2), flush(0, 3)]).cut).toBe(3);
  });

  test('stops at a hole', () => {
    const { cut, messages } = cutOf([flush(1, 2), flush(0, 1, 4)]);
    expect(cut).toBe(2);
    expect(messages.map(([seq]) => seq)).toEqual([1, 2]);
  });

  test('never falls below what all have', () => {
    expect(cutOf([flush(7), flush(5, 6, 7)]).cut).toBe(7);
  });
});
