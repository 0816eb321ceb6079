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

test('who reaches both sides makes no group of them', () => {
  expect(outOfReach(slots(3), [direction('n1', 'n3')])).toEqual(['n3']);
  expect(outOfReach(slots(3), [direction('n3', 'n2')])).toEqual(['n3']);
  expect(outOfReach(slots(3), [direction('n1', 'n2')])).toEqual(['n2']);
});

test('of two sides with a bridge the larger one goes on, with the bridge', () => {
  const blocked = ['n2', 'n5', 'n6'].flatMap((from) => ['n1', 'n4'].map((to) => direction(from, to)));
  expect(outOfReach(slots(6), blocked)).toEqual(['n1', 'n4']);
});

test('a ring: each reaches its neighbours only', () => {
  const blocked = [
    direction('n1', 'n3'),
    direction('n3', 'n5'),
    direction('n5', 'n2'),
    direction('n2', 'n4'),
    direction('n4', 'n1'),
  ];
  expect(outOfReach(slots(5), blocked)).toEqual(['n3', 'n4', 'n5']);
});

test('of two halves the one with the lowest slot counts as the rest', () => {
  const blocked = ['n1', 'n2'].flatMap((from) => ['n3', 'n4'].map((to) => direction(from, to)));
  expect(outOfReach(slots(4), blocked)).toEqual(['n3', 'n4']);
});
