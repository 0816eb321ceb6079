import { expect, test } from '@jest/globals';
import { slotNamed, slots } from '../core/ids.ts';
import { outOfReach } from './reach.ts';

const direction = (from: string, to: string) => ({ from: slotNamed(from), to: slotNamed(to) });

test('nothing blocked: nobody is out of reach', () => {
  expect(outOfReach(slots(3), [])).toEqual([]);
});

test('one direction suffices to part two nodes', () => {
  expect(outOfReach(slots(3), [direction('n1', 'n2'), direction('n1', 'n3')])).toEqual(['n1']);
  expect(outOfReach(slots(3), [direction('n2', 'n3'), direction('n1', 'n3')])).toEqual(['n3']);
});

test('a bridge keeps both sides connected', () => {
  expect(outOfReach(slots(3), [direction('n1', 'n3')])).toEqual([]);
});

test('of two halves the one with the lowest slot counts as the rest', () => {
  const blocked = ['n1', 'n2'].flatMap((from) => ['n3', 'n4'].map((to) => direction(from, to)));
  expect(outOfReach(slots(4), blocked)).toEqual(['n3', 'n4']);
});
