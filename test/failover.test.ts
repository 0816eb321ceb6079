import { expect, test } from '@jest/globals';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ftcheck } from './command-line.ts';
import { distPath, linesOf, makeFolder, start, until } from './processes.ts';

interface Line {
  readonly result: string;
  readonly fault: string;
  readonly target: string;
  readonly detectMs: number;
  readonly agreeMs: number;
  readonly recoverMs: number;
  readonly outageMs: number;
  readonly healMs: number;
  readonly fullRecoveryMs: number;
  readonly stallMs: number;
  readonly clientsMs: readonly number[];
}
interface Summary {
  readonly end: string;
  readonly verdict: string;
  readonly results: readonly { readonly fault: string; readonly trials: number }[];
}

/** The trials of the only series in a folder. */
function linesIn(out: string): Line[] {
  const names = readdirSync(out);
  expect(names).toHaveLength(1);
  return linesOf<Line>(readFileSync(join(out, names[0] ?? '', 'trials.jsonl'), 'utf8'));
}

/** What the only series in a folder has written of its trials so far. */
function trialsIn(out: string): string {
  const [name] = readdirSync(out);
  const path = join(out, name ?? '', 'trials.jsonl');
  return name !== undefined && existsSync(path) ? readFileSync(path, 'utf8') : '';
}
/** Children of this test make their temporary folders in one of its own. */
function temporaryFolder(): ReturnType<typeof makeFolder> {
  const folder = makeFolder();
  const { TMPDIR } = process.env;
  process.env['TMPDIR'] = folder.path;
  return {
    ...folder,
    [Symbol.dispose]: () => {
      if (TMPDIR === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = TMPDIR;
      folder[Symbol.dispose]();
    },
  };
}

test('a series tells the phases of each trial in their order, keeps every trial, and answers its SLOs', async () => {
  using folder = makeFolder();
  const html = join(folder.path, 'page.html');
  const csv = join(folder.path, 'trials.csv');
  const out = join(folder.path, 'series');
  using temporary = temporaryFolder();
  const said = await ftcheck(
    'failover',
    '--impl=somersault',
    '--fault=kill:primary',
    '--fault=partition:isolate-primary,cut',
    '--trials=1',
    '--rate=100',
    '--seed=3',
    '--json',
    '--quiet',
    '--slo=outage.max<9s',
    '--slo=outage.p99<1ms',
    `--out=${out}`,
    `--html=${html}`,
    `--csv=${csv}`,
  );
  const summary = JSON.parse(said.stdout) as Summary;
  expect(summary).toMatchObject({ end: 'complete', verdict: 'missed' });
  expect(said).toMatchObject({ code: 1, stderr: '' });
  expect(summary.results.map(({ fault, trials }) => [fault, trials])).toEqual([
    ['kill:primary', 1],
    ['partition:isolate-primary,cut', 1],
  ]);

  const measured = linesIn(out).filter(({ result }) => result === 'measured');
  expect(measured).toHaveLength(2);
  for (const trial of measured) {
    expect(trial.detectMs).toBeGreaterThan(0);
    expect(trial.agreeMs).toBeGreaterThanOrEqual(trial.detectMs);
    expect(trial.recoverMs).toBeGreaterThanOrEqual(trial.agreeMs);
    expect(trial.outageMs).toBeGreaterThanOrEqual(trial.agreeMs); // nobody but the new primary can answer
    expect(trial.fullRecoveryMs).toBeGreaterThan(trial.healMs);
    expect(trial.healMs).toBeGreaterThan(trial.outageMs);
    expect(trial.clientsMs).toHaveLength(10);
  }
  expect(readFileSync(html, 'utf8')).toContain('Failover of somersault');
  expect(readFileSync(csv, 'utf8').split('\r\n').length).toBeGreaterThanOrEqual(4);
  expect(readdirSync(temporary.path)).toEqual([]);
});

test('Ctrl-C ends a series with a report on what it has, and leaves nothing behind', async () => {
  using folder = makeFolder();
  using temporary = temporaryFolder();
  using started = start([
    distPath('cli/main.js'),
    'failover',
    '--impl=passive',
    '--fault=kill:primary',
    '--rate=100',
    '--trials=300',
    `--out=${folder.path}`,
  ]);
  // A busy machine throws the first ones away: any trial will do.
  await until(() => trialsIn(folder.path) !== '', 30_000);
  started.child.kill('SIGINT');
  expect(await started.ended).toBe(130);
  expect(started.stdout).toMatch(/ FAILOVER {2}\d+ trials? of passive, interrupted \(SIGINT\)/);
  const summary = JSON.parse(
    readFileSync(join(folder.path, readdirSync(folder.path)[0] ?? '', 'summary.json'), 'utf8'),
  ) as Summary;
  expect(summary.end).toBe('interrupted');
  expect(readdirSync(temporary.path)).toEqual([]);
});
