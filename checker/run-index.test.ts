import { expect, test } from '@jest/globals';
import { at, historyOf } from '../test/judged-run.ts';
import { eventsNamed, operationsIn } from './run-index.ts';

test('events by name, in order of the trace', () => {
  const trace = ['a', 'b', 'c', 'b', 'a'].map((name, i) => at(i, 'n1.0', name, { i }));
  const places = (...names: string[]) => eventsNamed(trace, ...names).map(({ i }) => i);
  expect(places('b')).toEqual([1, 3]);
  expect(places('a', 'b')).toEqual([0, 1, 3, 4]);
  expect(places('b', 'none')).toEqual([1, 3]);
  expect(places('none')).toEqual([]);
  expect(places('none', 'neither')).toEqual([]);
});

test('a trace and a history that grew are gone through again', () => {
  const trace = [at(0, 'n1.0', 'a')];
  expect(eventsNamed(trace, 'a', 'b')).toHaveLength(1);
  trace.push(at(1, 'n1.0', 'b'));
  expect(eventsNamed(trace, 'a', 'b')).toHaveLength(2);
  const [invocation, completion] = historyOf([{ f: 'read', from: 0, to: 1, result: 7 }]);
  const history = [invocation!];
  expect(operationsIn(history)).toEqual([{ invocation, completion: undefined }]);
  history.push(completion!);
  expect(operationsIn(history)).toEqual([{ invocation, completion }]);
  expect(operationsIn(history)).toBe(operationsIn(history));
});
