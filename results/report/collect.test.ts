import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sampleTexts, sampleVerdict, writeSampleRun } from '../../test/report-run.ts';
import { collectReport, readRecord, tickNsFor } from './collect.ts';
import { operationWords } from './counterexample.ts';
import { neverTick } from './report-data.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ftcheck-report-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('operations become rows in order of invocation, by the clients that their requests name', () => {
  writeSampleRun(folder);
  const { facts, columns } = collectReport(folder);
  expect(facts.clients).toEqual(['c1', 'pn2']);
  expect([...columns.client]).toEqual([0, 1, 0, 0, 0]);
  expect([...columns.invoked]).toEqual([1000, 1600, 2000, 4500, 6000]);
  expect([...columns.completed]).toEqual([1500, 2100, 4000, 4900, 6500]);
  expect([...columns.due]).toEqual([1000, 1600, 1900, 4500, 6000]);
  expect([...columns.outcome]).toEqual([0, 0, 2, 1, 0]);
  expect([0, 1, 2, 3, 4].map((row) => operationWords(row, columns, facts))).toEqual([
    'write x 1 → ok',
    'read x → 1',
    'write x 2 → ? timeout',
    'cas y [1,2] → fail refused',
    'read x → 2',
  ]);
});

test('phases, faults, outages and the harness of the trace', () => {
  writeSampleRun(folder);
  const { facts } = collectReport(folder);
  expect(facts).toMatchObject({ tickNs: 1000, end: 7000, lag: [{ at: 3500, maxMs: 12 }] });
  expect(facts.phases).toEqual([
    { name: 'warm-up', from: 500, to: 1800 },
    { name: 'faults', from: 1800, to: 5000 },
    { name: 'final-reads', from: 5000, to: 7000 },
  ]);
  expect(facts.faults).toEqual([
    { id: 'f1', name: 'kill:primary', class: 'crash', targets: ['n1'], begin: 2000, effect: 2200, end: 4000 },
  ]);
  expect(facts.outages).toEqual([
    {
      fault: 'f1',
      effect: 2200,
      detected: 2500,
      agreed: 3000,
      recovered: null,
      fullStrength: null,
      back: 4700,
    },
  ]);
});

test('the life of each slot: processes, roles, views, and what happened to them', () => {
  writeSampleRun(folder);
  const [n1, n2] = collectReport(folder).facts.nodes;
  expect(n1).toEqual({
    slot: 'n1',
    members: [
      { name: 'n1.0', from: 100, to: 2100 },
      { name: 'n1.1', from: 3200, to: 7000 },
    ],
    roles: [{ name: 'primary', from: 300, to: 2100 }],
    views: [{ name: '1', from: 200, to: 2100 }],
    marks: [{ at: 2100, name: 'crash', words: 'n1.0 was killed' }],
  });
  expect(n2?.roles).toEqual([
    { name: 'backup', from: 300, to: 3000 },
    { name: 'primary', from: 3000, to: 7000 },
  ]);
  expect(n2?.marks).toEqual([{ at: 2500, name: 'suspect', words: 'n2.0 suspects n1.0' }]);
});

test('latency is of ok operations of clients that may ask any node, final reads left out', () => {
  writeSampleRun(folder);
  const { windows } = collectReport(folder).facts;
  expect(windows.map(({ name, count }) => [name, count])).toEqual([
    ['whole run', 1],
    ['before f1', 1],
    ['during f1', 0],
    ['after f1', 0],
  ]);
  expect(windows[0]).toMatchObject({ p50Ms: null, maxMs: 0.5, cdf: [[0.5, 1]] });
});

test('a point is the earliest that the order and the invocation allow', () => {
  writeSampleRun(folder);
  const parts = [
    { key: '"x"', order: [0, 3, 2, 8] },
    { key: '"y"', order: [6] },
  ];
  const write = (value: unknown): void =>
    writeFileSync(join(folder, 'linearization.json'), JSON.stringify(value));
  write({ format: 'ftcheck-linearization-1', parts });
  expect([...collectReport(folder).columns.point]).toEqual([1000, 2000, 2000, 4500, 6000]);
  // After the last read nothing of this order fits: it belongs to another history.
  write({ format: 'ftcheck-linearization-1', parts: [{ key: '"x"', order: [8, 0] }] });
  expect([...collectReport(folder).columns.point].slice(0, 4)).toEqual(Array(4).fill(neverTick));
});

test('torn lines, and a process that ended in the middle of one, cost no more than themselves', () => {
  writeSampleRun(folder);
  const whole = collectReport(folder);
  const lines = sampleTexts.trace().split('\n');
  const torn = [`{"time":100,"node":"n1.0","ev${lines[0] ?? ''}`, ...lines.slice(1)].join('\n');
  writeSampleRun(folder, { history: `${sampleTexts.history()}{"index":10,"ti`, trace: `${torn}{"time":7` });
  expect(collectReport(folder)).toEqual(whole);
});

test('a run that recorded nothing still has a report', () => {
  writeSampleRun(folder, { history: '', trace: '', verdict: sampleVerdict({ faults: [] }) });
  const { facts, columns } = collectReport(folder);
  expect(columns.count).toBe(0);
  expect(facts.windows).toMatchObject([{ count: 0, maxMs: null, cdf: [] }]);
});

test('the texts of too many operations are left out together', () => {
  writeSampleRun(folder);
  const options = { textCharactersMax: 120, allTextCharactersMax: 2 };
  const { facts, columns } = collectReport(folder, { record: readRecord(folder, options) });
  expect(facts.texts).toEqual([]);
  expect([...columns.argument, ...columns.result]).toEqual(Array(10).fill(-1));
});

test('a tick is a microsecond unless the run is longer than an hour', () => {
  expect(tickNsFor(3600e9)).toBe(1000);
  expect(tickNsFor(7200e9)).toBe(10_000);
});

test('without a verdict the user is told how to get one', () => {
  expect(() => collectReport(folder)).toThrow(/verdict\.json cannot be read; ftcheck check/);
});
