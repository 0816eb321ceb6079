import { effectInWords, type FaultRecord } from './faults.ts';

const fault = (evidence: FaultRecord['evidence'], effect = true): FaultRecord => ({
  id: 'f1',
  name: 'partition',
  class: 'omission',
  target: 'n1',
  plannedTarget: 'any',
  impaired: ['n1'],
  beginNs: 0,
  endNs: 1,
  effect,
  evidence,
});

test('counters are summed up by what they count', () => {
  const evidence = ['n1>n2', 'n1>n3', 'n2>n1'].map((place, i) => ({
    counter: `bytes-held:${place}`,
    before: 100,
    after: 100 + i * 1000,
  }));
  expect(effectInWords(fault(evidence))).toBe('3,000 bytes held on n1>n3, n2>n1');
});

test.each([
  [{ counter: 'exits.SIGKILL:n1', before: 0, after: 1 }, 'n1 killed by SIGKILL'],
  [{ counter: 'stopped:n3', before: 0, after: 1 }, 'n3 in state T (stopped)'],
  [{ counter: 'connections-reset:n1-n2', before: 2, after: 4 }, '2 connections reset on n1-n2'],
  [{ counter: 'something-new:n1', before: 2, after: 4 }, 'something-new 2 n1'],
])('%j in words', (item, words) => {
  expect(effectInWords(fault([item]))).toBe(words);
});

test('no effect is said as such', () => {
  const nothing = [{ counter: 'bytes-held:n1>n2', before: 5, after: 5 }];
  expect(effectInWords(fault(nothing, false))).toBe('no effect was measured');
  expect(effectInWords({ ...fault([], false), endNs: null })).toBe('had not ended');
});
