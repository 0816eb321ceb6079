import { expect, test } from '@jest/globals';
import { trialsCsv } from './files.ts';
import { resolutionOf, summariseFaults } from './summary.ts';
import { trial, trialsUpTo } from './test-data.ts';
import type { TrialLine } from './trial.ts';

const late: TrialLine = {
  result: 'late',
  fault: 'kill:primary',
  n: 9,
  why: 'the probe asked 30 ms too late',
};

test('quantiles are claimed from enough trials only, and every trial is counted once', () => {
  const few = summariseFaults(['kill:primary'], [...trialsUpTo(29), late, { ...late, result: 'lost' }])[0];
  expect(few).toMatchObject({ trials: 29, thrownAway: { late: 1, noEffect: 0, lost: 1 } });
  expect(few?.figures.outage).toMatchObject({
    minMs: 1,
    meanMs: 15,
    maxMs: 29,
    p50: { value: 15 },
    p90: { value: null, trialsNeeded: 30 },
    p99: { value: null, trialsNeeded: 300 },
  });
  const many = summariseFaults(['kill:primary'], trialsUpTo(300))[0];
  expect(many?.figures.outage.p99).toMatchObject({ value: 297, low: 294, high: 300 });
});

test('an outage that did not end is longer than all others; a phase that did not come is left out', () => {
  const lines = [...trialsUpTo(5), trial(null, { recoverMs: null, agreeMs: null })];
  const [result] = summariseFaults(['kill:primary'], lines);
  expect(result).toMatchObject({
    unended: 1,
    figures: { outage: { maxMs: Infinity }, agree: { seen: 5, maxMs: 180 } },
  });
  expect(result?.figures['slowest-client'].maxMs).toBe(Infinity);
});

test('clients of one trial share its fate: they are pooled without an interval', () => {
  const [result] = summariseFaults(['kill:primary'], trialsUpTo(10));
  expect(result?.figures.client).toMatchObject({
    seen: 20,
    p50: { value: 5, low: null, high: null },
    p90: { value: null },
  });
});

test('the resolution tells the gaps of the probe and what it left out', () => {
  const lines = [trial(1), trial(1, { probeGapMsP50: 1.3, probeGapMsMax: 9, due: 100, begun: 20 }), late];
  expect(resolutionOf(lines)).toEqual({ gapMsP50: 1.1, gapMsMax: 9, leftOut: 0.9 });
  expect(resolutionOf([late])).toEqual({ gapMsP50: null, gapMsMax: null, leftOut: null });
});

test('CSV has a row for each trial, and quotes what needs it', () => {
  const rows = trialsCsv([
    trial(7, { fault: 'partition:isolate-primary,hold' }),
    { ...late, why: 'so "late"' },
  ]).split('\r\n');
  expect(rows).toHaveLength(4);
  expect(rows[1]).toBe('"partition:isolate-primary,hold",1,measured,n1,170,180,7,7,400,900,7,20,7,3,');
  expect(rows[2]).toMatch(/^kill:primary,9,late,,.*,"so ""late"""$/);
});
