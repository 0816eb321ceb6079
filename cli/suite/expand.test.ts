import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { registry } from '../registry.ts';
import { runSettings } from '../run-settings.ts';
import { expandSuite } from './expand.ts';
import { parseSuiteFile } from './file.ts';
import type { SuiteJob } from './job.ts';

const suites = fileURLToPath(new URL('../../suites', import.meta.url));

const expand = (source: string, more: { readonly seed?: number; readonly seeds?: number } = {}) =>
  expandSuite({
    file: parseSuiteFile(source, 's.yaml', runSettings(registry)),
    registry,
    seed: more.seed ?? 1,
    seeds: more.seeds === undefined ? null : { count: more.seeds },
    folder: suites,
    cwd: suites,
  });

const ids = (jobs: readonly SuiteJob[]): readonly string[] => jobs.map(({ id }) => id);

describe('a matrix', () => {
  test('is every combination, on each seed', () => {
    const jobs = expand(
      'matrix: {impl: [passive, active], nemesis: [kill, pause], workload: queue}\nseeds: 2',
    );
    expect(ids(jobs)).toEqual([
      'passive, queue, kill, seed 1',
      'passive, queue, kill, seed 2',
      'passive, queue, pause, seed 1',
      'passive, queue, pause, seed 2',
      'active, queue, kill, seed 1',
      'active, queue, kill, seed 2',
      'active, queue, pause, seed 1',
      'active, queue, pause, seed 2',
    ]);
    expect(jobs[1]?.plans[0]).toMatchObject({ seed: 2, impl: { name: 'passive' }, nemesis: 'kill' });
  });

  test('multiplies only the impls that have an option', () => {
    expect(ids(expand('matrix: {impl: [passive, active], acks: [all, majority]}'))).toEqual([
      'passive, kv, none, acks=all, seed 1',
      'passive, kv, none, acks=majority, seed 1',
      'active, kv, none, seed 1',
    ]);
  });

  test('leaves out what is excluded, and has what is included', () => {
    const jobs = expand(`
matrix: {impl: [passive, active], nemesis: [kill, pause]}
exclude: [{impl: active, nemesis: [pause, slow]}]
include: [{impl: simple, nodes: 1}]`);
    expect(ids(jobs)).toEqual([
      'passive, kv, kill, seed 1',
      'passive, kv, pause, seed 1',
      'active, kv, kill, seed 1',
      'simple, kv, none, seed 1',
    ]);
  });

  test('counts seeds from the one that is given; --seeds wins over the suite, not over a scenario', () => {
    const source = 'seeds: 2\nmatrix: {impl: active}\nscenarios: [{impl: simple, seeds: [9]}]';
    expect(ids(expand(source, { seed: 40 }))).toEqual([
      'active, kv, none, seed 40',
      'active, kv, none, seed 41',
      'simple, kv, none, seed 9',
    ]);
    expect(expand(source, { seeds: 5 })).toHaveLength(6);
  });
});

test('a scenario has the defaults that are its own, and may change them', () => {
  const [passive, active] = expand(`
defaults: {duration: 3s, acks: all, clients: 2}
slos: [throughput>1]
scenarios:
  - {impl: passive, clients: 4, fail-fast: true}
  - {impl: active, slo: p99<1s}`);
  expect(passive?.plans[0]).toMatchObject({
    impl: { options: { acks: 'all' } },
    clients: 4,
    slos: ['throughput>1'],
  });
  expect(passive?.isFailFast).toBe(true);
  expect(active?.plans[0]).toMatchObject({ impl: { options: {} }, clients: 2, slos: ['p99<1s'] });
  expect(active?.isFailFast).toBe(false);
});

test('a seeded bug is looked for on several seeds, and need not hold bounds', () => {
  const [bug] = expand(`
slos: [throughput>1]
scenarios:
  - {impl: mutants/passive/no-fencing, expect: invalid, property: linearizable, seed: 3, within: 3}`);
  expect(bug?.plans.map(({ seed }) => seed)).toEqual([3, 4, 5]);
  expect(bug?.plans[0].slos).toEqual([]);
  expect(bug?.expected).toEqual({ verdict: 'invalid', property: 'linearizable', allowsUnknown: false });
});

test('stored plans come first and are played as they are', () => {
  const [first] = expand('plans: [plans]\nmatrix: {impl: active}');
  expect(first?.id).toBe('plan active-cut-then-hold');
  expect(first?.plans[0]).toEqual(
    JSON.parse(readFileSync(join(suites, 'plans/active-cut-then-hold.json'), 'utf8')),
  );
});

describe('refuses, with the place,', () => {
  test.each([
    ['matrix:\n  impl: [passive, pasive]', /s\.yaml:2:19: impl: there is no impl 'pasive'/],
    ['matrix: {impl: passive, acks: [all, many]}', /s\.yaml:1:37: acks: 'many' is none of/],
    ['matrix: {nemesis: kill}', /s\.yaml:1:9: impl is missing/],
    ['scenarios: [{impl: simple, nodes: 3}]', /s\.yaml:1:35: nodes: simple runs on at most 1/],
    ['scenarios: [{impl: active, acks: all}]', /s\.yaml:1:34: acks: is an option of passive/],
    ['scenarios: [{impl: active, nemesis: kil}]', /s\.yaml:1:37: nemesis: there is no nemesis 'kil'/],
    ['slos: [p99<fast]\nmatrix: {impl: active}', /s\.yaml:1:7: slo: .*'p99<fast'/],
    ['matrix: {impl: active}\nexclude: [{impl: passive}]', /s\.yaml:2:11: exclude: no combination/],
    [
      'scenarios: [{impl: active, expect: invalid, property: grup}]',
      /s\.yaml:1:55: property: .*did you mean group/,
    ],
    [
      'scenarios: [{impl: active, name: a}, {impl: passive, name: a}]',
      /s\.yaml:1:38: a second scenario is called 'a, seed 1'/,
    ],
    ['plans: [nowhere]', /s\.yaml:1:9: there is no file or folder nowhere/],
    ['plans: [smoke.yaml]', /smoke\.yaml:\d+:\d+: not JSON/],
  ])('%j', (source, message) => {
    expect(() => expand(source)).toThrow(message);
  });
});

describe('our own suites', () => {
  const names = readdirSync(suites).filter((name) => name.endsWith('.yaml'));
  const jobsOf = (name: string) => expand(readFileSync(join(suites, name), 'utf8'));

  test.each(names)('%s can be played', (name) => {
    expect(jobsOf(name).length).toBeGreaterThan(10);
  });

  test('regression.yaml has every seeded bug, as the registry says that it is caught', () => {
    const jobs = jobsOf('regression.yaml');
    const found = jobs.flatMap(({ plans: [plan], expected }) =>
      plan.impl.name.startsWith('mutants/') ? [[plan.impl.name, plan.nemesis, expected.property]] : [],
    );
    const known = registry.mutants.map(({ name, property, flags }) => [
      name,
      flags.find((flag) => flag.startsWith('--nemesis='))?.slice('--nemesis='.length),
      property,
    ]);
    expect([...found].sort()).toEqual([...known].sort());
  });

  test('docs/SUITE.md tells of each, and its example can be played', () => {
    const page = readFileSync(fileURLToPath(new URL('../../docs/SUITE.md', import.meta.url)), 'utf8');
    for (const name of names) expect(page).toContain(`suites/${name}`);
    const [, example = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];
    expect(ids(expand(example))).toEqual(
      expect.arrayContaining([
        'plan active-cut-then-hold',
        'passive, kv, partition:isolate-primary,hold, acks=majority, seed 3',
        'active, kv, kill, seed 1',
        'somersault, lock, pause, seed 2',
        'a primary that was replaced goes on answering, seeds 1 to 5',
      ]),
    );
  });
});
