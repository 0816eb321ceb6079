import { describe, expect, test } from '@jest/globals';
import { registry } from '../registry.ts';
import { runSettings } from '../run-settings.ts';
import { parseSuiteFile } from './file.ts';

const parse = (source: string) => parseSuiteFile(source, 'suites/s.yaml', runSettings(registry));

test('reads every part with its places', () => {
  const file = parse(`
name: mine
seed: 5
seeds: [1, 2]
retries: 1
timeout: 90s
slos: outage.max<2s
defaults: { duration: 3s, slo: [p99<50ms] }
matrix:
  impls: [passive, active]
  nemeses: kill
exclude:
  - { impl: active, nemesis: [pause, kill] }
scenarios:
  - name: a bug
    impl: mutants/passive/no-fencing
    expect: invalid
    property: linearizable
    seed: 3
    within: 5
plans: [plans, one.json]
`);
  expect(file).toMatchObject({
    name: 'mine',
    seed: 5,
    seeds: { list: [1, 2] },
    retries: 1,
    timeoutMs: 90_000,
  });
  expect(file.slos).toEqual({ texts: ['outage.max<2s'], place: 'suites/s.yaml:7:7', from: 'file' });
  expect(file.defaults.get('slo')?.texts).toEqual(['p99<50ms']);
  expect(file.matrices[0]?.axes).toEqual([
    {
      name: 'impl',
      values: [
        { texts: ['passive'], place: 'suites/s.yaml:10:11', from: 'file' },
        { texts: ['active'], place: 'suites/s.yaml:10:20', from: 'file' },
      ],
    },
    { name: 'nemesis', values: [{ texts: ['kill'], place: 'suites/s.yaml:11:12', from: 'file' }] },
  ]);
  expect([...(file.exclude[0]?.values ?? [])]).toEqual([
    ['impl', ['active']],
    ['nemesis', ['pause', 'kill']],
  ]);
  expect(file.scenarios[0]).toMatchObject({
    name: 'a bug',
    expect: 'invalid',
    property: { texts: ['linearizable'], place: 'suites/s.yaml:18:15' },
    seeds: { list: [3] },
    within: 5,
  });
  expect(file.plans.map(({ texts }) => texts[0])).toEqual(['plans', 'one.json']);
});

test('is called as its file, unless it has a name', () => {
  expect(parse('matrix: {impl: active}').name).toBe('s');
});

describe('refuses', () => {
  test.each([
    ['', /s\.yaml:1:1: the suite is empty/],
    ['- impl', /s\.yaml:1:1: must be a map/],
    ['matrx: {}', /s\.yaml:1:1: there is no key 'matrx' \(did you mean matrix\?\)/],
    ['matrix:\n  implss: [a]', /s\.yaml:2:3: there is no setting 'implss' \(did you mean impls?\?\)/],
    ['matrix: {impl: []}', /s\.yaml:1:16: impl: must be a value or a list/],
    ['matrix: {impl: a, impls: b}', /s\.yaml:1:9: impl: given twice/],
    ['matrix: {slo: p99<1s}', /s\.yaml:1:10: there is no setting 'slo'/],
    ['defaults: {out: x}', /s\.yaml:1:12: out: not here: `ftcheck suite --out`/],
    ['defaults:\n  nodess: 3', /s\.yaml:2:3: there is no setting 'nodess' \(did you mean nodes\?\)/],
    ['include:\n  - impl: a\n    x: 1', /s\.yaml:3:5: there is no setting 'x'/],
    ['exclude:\n  - 3', /s\.yaml:2:5: exclude: must be a map/],
    ['scenarios:\n  - impl: [a, b]', /s\.yaml:2:11: impl: must be one value/],
    ['scenarios:\n  - expct: invalid', /s\.yaml:2:5: there is no setting 'expct' \(did you mean expect\?\)/],
    ['scenarios:\n  - expect: broken', /s\.yaml:2:13: expect: must be valid, invalid or unknown/],
    ['scenarios:\n  - property: group', /s\.yaml:2:15: property: goes with expect: invalid/],
    ['scenarios:\n  - {impl: a, allow: valid}', /s\.yaml:2:22: allow: must be unknown/],
    ['scenarios:\n  - {expect: invalid, allow: unknown}', /s\.yaml:2:30: allow: goes with expect: valid/],
    ['scenarios:\n  - {plan: p.json, nodes: 3}', /s\.yaml:2:27: nodes: the plan already decides this/],
    ['scenarios:\n  - {plan: p.json, seed: 3}', /s\.yaml:2:26: seed: the plan already decides this/],
    ['scenarios:\n  - {impl: a, timeout: 5}', /s\.yaml:2:24: timeout: must be a duration/],
    ['timeout: 5 s\nmatrix: {impl: a}', /s\.yaml:1:10: timeout: '5 s' is not a duration/],
    ['seeds: 0\nmatrix: {impl: a}', /s\.yaml:1:8: seeds: must be a count of seeds/],
    ['matrix: {impl: a', /s\.yaml:\d+:\d+: /],
  ])('%j with its place', (source, message) => {
    expect(() => parse(source)).toThrow(message);
  });
});
