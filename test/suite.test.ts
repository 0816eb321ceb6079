import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { chooseRun, planOf } from '../cli/choose.ts';
import { registry } from '../cli/registry.ts';
import type { Settings } from '../cli/settings.ts';
import { allGone, ftcheck, nodePids } from './command-line.ts';
import { readJunit, schemaErrors } from './junit-reader.ts';
import { distPath, isAlive, makeFolder, start, until } from './processes.ts';

interface SuiteJson {
  readonly exitCode: number;
  readonly resumed: number;
  readonly seed: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly scenarios: readonly {
    readonly id: string;
    readonly status: string;
    readonly reason: string;
    readonly attempts: readonly { readonly runDir: string | null; readonly command: string }[];
  }[];
}

const settingOf = (name: string, text: string) =>
  [name, { texts: [text], place: `--${name}`, from: 'flag' }] as const;
const simple: Settings = new Map([settingOf('impl', 'simple'), settingOf('duration', '1s')]);

const runsIn = (out: string): readonly string[] => readdirSync(out).filter((name) => /^\d{8}-/.test(name));

describe('a suite', () => {
  test('plays what it says, tells what is not as expected, and writes its reports', async () => {
    using folder = makeFolder();
    const file = join(folder.path, 's.yaml');
    const out = join(folder.path, 'runs');
    const junit = join(folder.path, 'reports', 'junit.xml');
    const markdown = join(folder.path, 's.md');
    const plan = join(folder.path, 'plans', 'once', 'plan.json');
    mkdirSync(join(plan, '..'), { recursive: true });
    writeFileSync(plan, JSON.stringify(planOf(chooseRun(simple, registry), 9, simple), null, 2));
    writeFileSync(
      file,
      [
        'seed: 1',
        'defaults: {duration: 1s, clients: 2}',
        'plans: [plans]',
        'scenarios:',
        '  - {impl: simple, name: no such bug, expect: invalid, property: linearizable}',
        '  - {impl: passive, name: hangs, timeout: 300ms}',
      ].join('\n'),
    );
    const { code, stdout, stderr } = await ftcheck(
      'suite',
      file,
      '--json',
      `--out=${out}`,
      `--junit=${junit}`,
      `--markdown=${markdown}`,
    );
    const report = JSON.parse(stdout) as SuiteJson;
    expect({ code, stderr, exitCode: report.exitCode }).toMatchObject({ code: 1, exitCode: 1 });
    expect(report.scenarios.map(({ id, status }) => [id, status])).toEqual([
      ['plan once', 'passed'],
      ['no such bug, seed 1', 'failed'],
      ['hangs, seed 1', 'error'],
    ]);
    expect(report.scenarios[2]?.reason).toMatch(/did not end within 300 ms/);
    expect(runsIn(out)).toHaveLength(3);
    const played = resolve(report.scenarios[0]!.attempts[0]!.runDir!, 'plan.json');
    expect(JSON.parse(readFileSync(played, 'utf8'))).toEqual(JSON.parse(readFileSync(plan, 'utf8')));
    await allGone(runsIn(out).flatMap((run) => nodePids(join(out, run))));

    const xml = readFileSync(junit, 'utf8');
    expect(await schemaErrors(xml)).toEqual([]);
    expect(readJunit(xml).map(({ attributes: { failures, errors } }) => [failures, errors])).toEqual([
      ['0', '0'],
      ['1', '0'],
      ['0', '1'],
    ]);
    expect(readFileSync(markdown, 'utf8')).toContain('**failed: no such bug, seed 1**');
  });

  test('that is interrupted ends its run, says so, and goes on with the same seed', async () => {
    using folder = makeFolder();
    const file = join(folder.path, 's.yaml');
    const out = join(folder.path, 'runs');
    mkdirSync(out);
    writeFileSync(
      file,
      'defaults: {duration: 1s, clients: 2}\nscenarios: [{impl: simple}, {impl: passive}]\n',
    );
    using first = start([distPath('cli/main.js'), 'suite', file, `--out=${out}`]);
    await until(() => first.stderr.includes('[1/2] passed') && runsIn(out).length === 2, 20_000);
    const runDir = join(
      out,
      runsIn(out).find((name) => name.includes('passive'))!,
    );
    await until(() => nodePids(runDir).length > 0, 20_000);
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(130);
    expect(first.stdout).toMatch(/INTERRUPTED.*1 of 2 scenarios of s were not played/);
    await allGone(nodePids(runDir));

    const seed = /seed (\d+)/.exec(first.stderr)?.[1];
    const again = await ftcheck('suite', file, `--out=${out}`, '--json');
    const report = JSON.parse(again.stdout) as SuiteJson;
    expect(again.stderr).toContain('going on where an earlier invocation was interrupted: 1 of 2 are done');
    expect({ ...report, seed: String(report.seed) }).toMatchObject({
      seed,
      resumed: 1,
      counts: { passed: 2 },
    });
    expect(existsSync(join(out, 'suite-s'))).toBe(false);
  });

  test('that is killed by force takes its run with it', async () => {
    using folder = makeFolder();
    const file = join(folder.path, 's.yaml');
    const out = join(folder.path, 'runs');
    writeFileSync(file, 'scenarios: [{impl: passive, duration: 20s}]\n');
    using suite = start([distPath('cli/main.js'), 'suite', file, `--out=${out}`]);
    await until(() => existsSync(out) && runsIn(out).length === 1, 20_000);
    const runDir = join(out, runsIn(out)[0]!);
    await until(() => nodePids(runDir).length === 3, 20_000);
    expect(nodePids(runDir).every(isAlive)).toBe(true);
    suite.child.kill('SIGKILL');
    await suite.ended;
    await allGone(nodePids(runDir));
  });
});
