import { describe, expect, test } from '@jest/globals';
import { Connection } from './connection.ts';

const numbers = (connection: Connection): number[] => connection.queue.map(({ n }) => n);

describe('inputs', () => {
  test('are due one after another, in a later life from the first again, in an earlier one never', () => {
    const connection = new Connection(2);
    expect([1, 2, 3].map((ep) => connection.due(ep))).toEqual([0, 1, 1]);
    connection.consumed(2, 1, null);
    connection.consumed(2, 2, null);
    expect([1, 2, 3].map((ep) => connection.due(ep))).toEqual([0, 3, 1]);
  });

  test('out of order, or of an earlier life, are a fault of this replica', () => {
    const connection = new Connection(2);
    expect(() => connection.consumed(2, 2, null)).toThrow('in order');
    expect(() => connection.consumed(1, 1, null)).toThrow('in order');
  });

  test('of a later life begin everything anew', () => {
    const connection = new Connection(1);
    connection.consumed(1, 1, null);
    connection.generate('response', 'a');
    connection.generate('response', 'b');
    connection.acknowledge(1, 1);
    connection.consumed(2, 1, null);
    expect(connection.state()).toEqual({ ep: 2, in: 1, out: 0, acked: 0, queue: [], via: null });
    expect(connection.generate('response', 'c').entry.n).toBe(1);
  });
});

describe('outputs', () => {
  test('are numbered from 1 and wait until they are acknowledged', () => {
    const connection = new Connection();
    for (const body of ['a', 'b', 'c']) expect(connection.generate('response', body).isNeeded).toBe(true);
    expect(numbers(connection)).toEqual([1, 2, 3]);
    expect(connection.acknowledge(0, 2)).toBe(true);
    expect(numbers(connection)).toEqual([3]);
  });

  test('acknowledged again, or by another life, are nothing new', () => {
    const connection = new Connection(1);
    connection.generate('response', 'a');
    expect(connection.acknowledge(0, 1)).toBe(false);
    expect(connection.acknowledge(2, 1)).toBe(false);
    expect(numbers(connection)).toEqual([1]);
    expect(connection.acknowledge(1, 1)).toBe(true);
    expect(connection.acknowledge(1, 1)).toBe(false);
    expect(connection.acked).toBe(1);
  });

  test('acknowledged before this replica generates them never enter the queue, trap T7', () => {
    const connection = new Connection();
    connection.generate('response', 'a');
    expect(connection.acknowledge(0, 3)).toBe(true);
    const late = ['b', 'c', 'd'].map((body) => connection.generate('response', body));
    expect(late.map(({ entry, isNeeded }) => [entry.n, isNeeded])).toEqual([
      [2, false],
      [3, false],
      [4, true],
    ]);
    expect(numbers(connection)).toEqual([4]);
  });

  test('have a digest of what they say', () => {
    const [a, b, c] = ['x', 'x', 'y'].map((body) => new Connection().generate('response', body).entry.digest);
    expect(a).toBe(b);
    expect(a).not.toBe(c);
  });
});

test('a copy goes on by itself from where it was made', () => {
  const original = new Connection(1);
  original.consumed(1, 1, null);
  original.generate('response', 'a');
  original.generate('response', 'b');
  const copy = Connection.restore(original.state());
  expect(copy.state()).toEqual(original.state());
  original.acknowledge(1, 2);
  expect(numbers(copy)).toEqual([1, 2]);
  copy.generate('response', 'c');
  expect(numbers(copy)).toEqual([1, 2, 3]);
  expect(original.out).toBe(2);
});
