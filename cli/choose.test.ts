import { UsageError } from '../core/errors.ts';
import type { Impl } from '../core/impl.ts';
import { passive } from '../impls/passive/impl.ts';
import { chooseRun, planOf } from './choose.ts';
import { registry, type Registry } from './registry.ts';
import { merge, type Given, type Settings } from './settings.ts';

const flags = (some: Readonly<Record<string, string | string[]>>): Settings =>
  new Map(
    Object.entries(some).map(([name, texts]): [string, Given] => [
      name,
      { texts: [texts].flat(), place: `--${name}`, from: 'flag' },
    ]),
  );
const file = (some: Readonly<Record<string, string | string[]>>): Settings =>
  new Map(
    Object.entries(some).map(([name, texts]): [string, Given] => [
      name,
      { texts: [texts].flat(), place: 'ftcheck.yaml:2:7', from: 'file' },
    ]),
  );
const choose = (settings: Settings) => chooseRun(settings, registry);

test('says the rest by itself', () => {
  const choice = choose(flags({ impl: 'active' }));
  expect(choice).toMatchObject({ nodes: 3, clients: 5, rate: null, durationMs: 5000, nemesis: 'none' });
  expect(choice.workload.name).toBe('kv');
});

test('flags win over the file', () => {
  const settings = merge(file({ impl: 'passive', nodes: '5' }), flags({ impl: 'active' }));
  const choice = choose(settings);
  expect(choice.impl.name).toBe('active');
  expect(choice.nodes).toBe(5);
});

test('options of impl and workload are flags of the same name', () => {
  const choice = choose(flags({ impl: 'passive', acks: 'all', keys: '2' }));
  expect(choice.implOptions).toMatchObject({ acks: 'all', requests: 'multicast' });
  expect(choice.workloadOptions).toMatchObject({ keys: 2 });
});

test('time-outs and processing time reach the plan, and what the impl claims under them', () => {
  const settings = merge(file({ impl: 'passive', timing: 'fast' }), flags({ 'service-time': '2.5ms' }));
  const plan = planOf(choose(settings), 1, settings);
  expect(plan).toMatchObject({ timing: 'fast', serviceMs: 2.5, impl: { claims: { outageMsMax: 700 } } });
  const without = planOf(choose(flags({ impl: 'passive' })), 1, flags({}));
  expect(without).toMatchObject({ timing: 'default', serviceMs: 0, impl: { claims: { outageMsMax: 2000 } } });
});

const threes: Impl = {
  ...passive,
  name: 'threes',
  options: [{ name: 'triples', values: 'number', default: 1, description: '' }],
  nodesFor: ({ triples }) => 3 * Number(triples),
  check: (nodes, { triples }) =>
    nodes === 3 * Number(triples) ? null : `--nodes: ${nodes} is not 3 times ${Number(triples)}`,
};
const withThrees: Registry = { ...registry, impls: { ...registry.impls, threes } };

test('the number of nodes follows from options that ask for one', () => {
  expect(chooseRun(flags({ impl: 'threes' }), withThrees).nodes).toBe(3);
  expect(chooseRun(flags({ impl: 'threes', triples: '3' }), withThrees).nodes).toBe(9);
  const settings = merge(file({ nodes: '4' }), flags({ impl: 'threes' }));
  const choice = chooseRun(settings, withThrees);
  expect(() => planOf(choice, 1, settings)).toThrow(
    new UsageError('ftcheck.yaml:2:7: nodes: 4 is not 3 times 1'),
  );
});

test('an option of another impl in the file does not hinder a flag that chooses this one', () => {
  const settings = merge(file({ impl: 'passive', acks: 'all' }), flags({ impl: 'active' }));
  expect(choose(settings).implOptions).not.toHaveProperty('acks');
});

test.each([
  [flags({}), '--impl is missing: one of simple, passive, active'],
  [flags({ impl: 'activ' }), "--impl: there is no impl 'activ' (did you mean active?)"],
  [file({ impl: 'activ' }), "ftcheck.yaml:2:7: impl: there is no impl 'activ'"],
  [flags({ impl: 'active', workload: 'kw' }), 'did you mean kv?'],
  [flags({ impl: 'active', nemesis: 'partitoin' }), 'did you mean partition?'],
  [flags({ impl: 'active', nemesis: 'partition:sideways' }), 'sideways'],
  [merge(file({ nemesis: 'kill:primary' }), flags({ impl: 'active' })), 'ftcheck.yaml:2:7: nemesis'],
  [flags({ impl: 'active', nodes: '10' }), "--nodes: '10' is not a whole number from 1 to 9"],
  [flags({ impl: 'active', nodes: 'three' }), "--nodes: 'three' is not a whole number"],
  [flags({ impl: 'active', rate: '0' }), '--rate'],
  [flags({ impl: 'active', duration: '5' }), 'is not a duration'],
  [
    flags({ impl: 'active', timing: 'fats' }),
    "--timing: 'fats' is none of default, fast (did you mean fast?)",
  ],
  [flags({ impl: 'active', 'service-time': '5' }), "--service-time: '5' is not a duration"],
  [file({ impl: 'active', 'service-time': '2m' }), "ftcheck.yaml:2:7: service-time: '2m' is not between"],
  [flags({ impl: 'active', acks: 'all' }), '--acks: is an option of passive'],
  [file({ impl: 'active', acks: 'all' }), 'ftcheck.yaml:2:7: acks: is an option of passive'],
  [flags({ impl: 'passive', acks: 'al' }), "--acks: 'al' is none of majority, all (did you mean all?)"],
  [flags({ impl: 'passive', keys: 'x' }), "--keys: 'x' is not a number"],
  [flags({ impl: 'passive', slo: ['p99<1s', 'nope'] }), "--slo: no figure, relation and bound in 'nope'"],
])('refuses what makes no run (%#)', (settings, why) => {
  expect(() => choose(settings)).toThrow(UsageError);
  expect(() => choose(settings)).toThrow(why);
});

test('what only the plan notices is told with its place as well', () => {
  const settings = file({ impl: 'active', nemesis: 'kill+pause+slow+crash', duration: '1s' });
  expect(() => planOf(choose(settings), 1, settings)).toThrow(/^ftcheck\.yaml:2:7: duration/);
});
