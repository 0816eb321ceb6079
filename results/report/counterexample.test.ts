import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { frameKinds } from '../../core/protocol.ts';
import { nanos } from '../../core/units.ts';
import { FrameLog } from '../../harness/frame-log.ts';
import { sampleVerdict, writeSampleRun } from '../../test/report-run.ts';
import type { VerdictFile } from '../verdict-schema.ts';
import { collectReport } from './collect.ts';
import { reportHtml } from './report-html.ts';
import type { Counterexample } from './report-data.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ftcheck-report-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const notLinearizable = {
  verdict: 'invalid',
  reason: 'read x -> 1 fits nowhere. At first x was null. This takes 2 of 4 operations on x. It is more. ',
  key: '"x"',
  operations: [{ invoked: 1_000_000 }, { invoked: 1_600_000 }],
} as const;
const twice = {
  verdict: 'invalid',
  reason: 'n1.0 executed request c1/1/1 twice; and 1 more',
  violations: ['n1.0 executed request c1/1/1 twice', 'n2.0 executed request c1/1/1 twice'],
} as const;

function counterexampleOf(properties: VerdictFile['properties']): Counterexample | null {
  writeSampleRun(folder, { verdict: sampleVerdict({ verdict: 'invalid', properties }) });
  return collectReport(folder).facts.counterexample;
}

test('what clients saw comes first: its operations, its paragraphs, what else is broken', () => {
  const found = counterexampleOf({ 'at-most-once': twice, linearizable: notLinearizable });
  expect(found).toMatchObject({ property: 'linearizable', key: 'x', lines: ['c1', 'pn2', 'n1.0', 'n2.0'] });
  expect(found?.words).toEqual([
    'read x -> 1 fits nowhere.',
    'At first x was null.',
    'This takes 2 of 4 operations on x. It is more. ',
    'Broken, too: at-most-once: n1.0 executed request c1/1/1 twice; and 1 more',
  ]);
  expect(found?.operations).toMatchObject([
    { row: 0, client: 'c1', words: 'write x 1 → ok', invoked: 1000, completed: 1500, outcome: 'ok' },
    { row: 1, client: 'pn2', words: 'read x → 1', invoked: 1600, completed: 2100 },
  ]);
});

test('without a log of frames the trace tells who executed it, and when', () => {
  const messages = counterexampleOf({ linearizable: notLinearizable })?.messages ?? [];
  expect(messages.map(({ from, to, sent, received }) => [from, to, sent, received])).toEqual([
    ['c1', 'n1.0', 1000, 1200],
    ['n1.0', 'n1.0', 1200, 1200],
    ['n1.0', 'n2.0', 1200, 1300],
    ['n1.0', 'c1', 1200, 1500],
    ['n2.0', 'n2.0', 1300, 1300],
  ]);
});

test('with one, its frames are drawn, from a client where no other can be meant', () => {
  const log = new FrameLog(() => nanos(0));
  const forwards = log.direction('clients', 'n1');
  const back = log.direction('n1', 'clients');
  const pinned = log.direction('client@n2', 'n2');
  writeFrames(log, [
    [forwards, 'request', 1.1, 1.2],
    [back, 'reply', 1.3, 1.35],
    [back, 'reply', 1.4, 1.45],
    [pinned, 'request', 1.7, 40], // held beyond the end
    [forwards, 'request', 5, 5.1], // of another time
  ]);
  const messages = counterexampleOf({ linearizable: notLinearizable })?.messages ?? [];
  const arrows = messages.filter(({ from, to }) => from !== to);
  expect(arrows.map(({ from, to, sent, received }) => [from, to, sent, received])).toEqual([
    ['c1', 'n1.0', 1100, 1200],
    ['n1.0', 'clients', 1400, 1450],
    ['pn2', 'n2.0', 1700, null],
  ]);
  expect(arrows[1]?.words).toContain('of this operation or of another');
  expect(arrows[2]?.words).toContain('held for 38 ms');
});

test('violations are paragraphs, and the requests and members that they name are looked up', () => {
  const found = counterexampleOf({ 'at-most-once': twice });
  expect(found?.words).toEqual(twice.violations);
  expect(found?.operations).toMatchObject([{ row: 0, words: 'write x 1 → ok' }]);
  expect(found?.messages.map(({ words }) => words)).toEqual(
    expect.arrayContaining([
      'n2.0 installed view 2',
      'n2.0 became primary',
      'n1.0 executed c1/1/1 as message 1 of view 1',
    ]),
  );
});

test('other verdicts have none', () => {
  writeSampleRun(folder);
  expect(collectReport(folder).facts.counterexample).toBeNull();
});

test('the page begins with it: words, operations, diagram', () => {
  writeSampleRun(folder, {
    verdict: sampleVerdict({ verdict: 'invalid', properties: { linearizable: notLinearizable } }),
  });
  const page = reportHtml(collectReport(folder));
  const body = page.slice(page.indexOf('<main'));
  expect(body.indexOf('id="counterexample"')).toBeLessThan(body.indexOf('id="timeline"'));
  expect(body).toContain('What is wrong: linearizable, key x');
  expect(body).toContain('<code>write x 1 → ok</code>');
  expect(body).toContain('n1.0 executed c1/1/1 as message 1 of view 1</title>');
});

function writeFrames(
  log: FrameLog,
  frames: readonly (readonly [number, (typeof frameKinds)[number], number, number])[],
): void {
  for (const [direction, kind, cameMs, leftMs] of frames)
    log.record(direction, frameKinds.indexOf(kind), 100, cameMs * 1e6, leftMs * 1e6);
  log.write(join(folder, 'frames.bin'));
}
