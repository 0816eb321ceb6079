import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sampleTexts, sampleVerdict, writeSampleRun } from '../../test/report-run.ts';
import { collectReport } from './collect.ts';
import { reportFiles, reportFormats, writeReports } from './formats.ts';
import { reportMarkdown } from './markdown.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ftcheck-report-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const written = (file: string): string => readFileSync(join(folder, 'out', file), 'utf8');

function writeAll(): void {
  writeReports({
    runDir: folder,
    name: 'sample',
    formats: reportFormats,
    path: (file) => join(folder, 'out', file),
  });
}

test('every format lies where it is asked for', () => {
  writeSampleRun(folder);
  writeSampleRun(join(folder, 'out'));
  writeAll();
  for (const file of Object.values(reportFiles)) expect(written(file).length).toBeGreaterThan(100);
  const json: unknown = JSON.parse(written('report.json'));
  expect(json).toMatchObject({ format: 'ftcheck-report-1', verdict: sampleVerdict(), end: 7000 });
  expect(json).not.toHaveProperty('texts');
  expect(written('junit.xml')).toContain('<testcase');
});

test('operations.csv has a line for each operation, its texts whole and harmless', () => {
  const long = 'a'.repeat(500);
  const history = sampleTexts
    .history()
    .replaceAll('"value":1}', `"value":${JSON.stringify(`=1+1,"${long}"`)}}`)
    .replaceAll('"value":2,"error"', '"value":-2,"error"');
  writeSampleRun(folder, { history });
  writeSampleRun(join(folder, 'out'));
  writeAll();
  expect(written('operations.csv').split('\r\n')).toEqual([
    'operation,client,kind,key,argument,outcome,result,error,due_us,invoked_us,completed_us,latency_us,linearized_us',
    '0,c1,write,x,1,ok,,,1000,1000,1500,500,',
    `1,pn2,read,x,,ok,"'=1+1,""${long}""",,1600,1600,2100,500,`,
    '2,c1,write,x,2,info,,timeout,1900,2000,4000,2100,',
    '3,c1,cas,y,"[1,2]",fail,,refused,4500,4500,4900,400,',
    '4,c1,read,x,,ok,2,,6000,6000,6500,500,',
    '',
  ]);
});

test('the summary for a pull request leads with what failed and ends with the command', () => {
  const properties = {
    group: { verdict: 'valid', reason: '5 views' },
    linearizable: { verdict: 'invalid', reason: 'read x -> 1 | 2 fits nowhere. More of it.' },
  } as const;
  const verdict = sampleVerdict({
    verdict: 'invalid',
    reason: 'linearizable: read <x> fits nowhere. More.',
    properties,
    command: 'npx ftcheck run --impl=```x',
  });
  writeSampleRun(folder, { verdict });
  const lines = reportMarkdown(collectReport(folder).facts).split('\n');
  expect(lines[0]).toBe('### ✗ invalid: linearizable: read \\<x\\> fits nowhere.');
  const rows = lines.filter((line) => line.startsWith('| ✗') || line.startsWith('| ✓'));
  expect(rows).toEqual([
    '| ✗ invalid | linearizable | read x -\\> 1 \\| 2 fits nowhere. |',
    '| ✓ valid | group | 5 views |',
  ]);
  expect(lines).toContain('| f1 | kill:primary | n1 | 0.00 s |  | n1 killed by SIGKILL |');
  expect(lines.slice(-4)).toEqual(['````sh', 'npx ftcheck run --impl=```x', '````', '']);
});
