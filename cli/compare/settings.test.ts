import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../core/errors.ts';
import { chooseRun } from '../choose.ts';
import { comparable, parseEntries, refuseRunFlags, settingsOf, uniqueLabels } from './settings.ts';
import { registry } from '../registry.ts';
import type { Settings } from '../settings.ts';

const flags = (given: Readonly<Record<string, string>>, from: 'flag' | 'file' = 'flag'): Settings =>
  new Map(
    Object.entries(given).map(([name, text]) => [name, { texts: [text], place: `--${name}`, from }] as const),
  );
const choices = (list: string, shared: Settings = new Map()) => {
  const entries = parseEntries(list, registry);
  return entries.map((entry) => chooseRun(settingsOf(entry, entries, shared, registry), registry));
};

describe('--impls', () => {
  test('names, with options of their own after a colon', () => {
    expect(parseEntries('simple, passive:acks=majority:service-time=1ms', registry)).toEqual([
      { text: 'simple', impl: 'simple', options: {} },
      {
        text: 'passive:acks=majority:service-time=1ms',
        impl: 'passive',
        options: { acks: 'majority', 'service-time': '1ms' },
      },
    ]);
  });

  test('a name may have a colon itself', () => {
    const [entry] = parseEntries('somersault:composed:service-time=1ms,simple', registry);
    expect(entry).toMatchObject({ impl: 'somersault:composed', options: { 'service-time': '1ms' } });
  });

  test.each([
    [
      'simple,pasive',
      /^--impls: there is no impl 'pasive' \(did you mean passive\?\); there are simple, passive/,
    ],
    ['passive', /'passive' is one system; it takes two/],
    ['passive,,simple', /a name is missing/],
    ['passive:ack=all,simple', /passive:ack=all: there is no option 'ack' \(did you mean acks\?\)/],
    ['passive:acks=all:fast,simple', /'fast' in 'passive:acks=all:fast' is no OPTION=VALUE/],
    ['simple:acks=all,passive', /there is no option 'acks'/],
  ])('%s is refused', (list, message) => {
    expect(() => parseEntries(list, registry)).toThrow(UsageError);
    expect(() => parseEntries(list, registry)).toThrow(message);
  });

  test('the same twice gets numbers', () => {
    expect(uniqueLabels(['passive', 'simple', 'passive'])).toEqual(['passive#1', 'simple', 'passive#2']);
  });
});

describe('the settings of each', () => {
  test('its own stand over what all share', () => {
    const [one, other] = choices('passive:nodes=5,passive', flags({ nodes: '3', rate: '100' }));
    expect([one?.nodes, other?.nodes]).toEqual([5, 3]);
    expect([one?.rate, other?.rate]).toEqual([100, 100]);
  });

  test('an option goes to those that have it', () => {
    const [simple, passive] = choices('simple,passive', flags({ acks: 'all' }));
    expect(simple?.implOptions).toEqual({});
    expect(passive?.implOptions).toMatchObject({ acks: 'all' });
  });

  test('an option that none has is a mistake', () => {
    expect(() => choices('simple,active', flags({ acks: 'all' }))).toThrow(
      /^--acks: is an option of passive/,
    );
  });

  test('a wrong value names its entry', () => {
    expect(() => choices('passive:acks=most,simple')).toThrow(
      "--impls passive:acks=most: acks: 'most' is none of majority, all",
    );
  });

  test('what names one system in ftcheck.yaml is passed over', () => {
    const file = flags({ impl: 'active', slo: 'p99<1s', workload: 'queue' }, 'file');
    expect([...comparable(file).keys()]).toEqual(['workload']);
  });
});

test('runs that are stored are what they are', () => {
  expect(() => refuseRunFlags(flags({ html: 'x.html', threshold: 'p99<+10%' }))).not.toThrow();
  expect(() => refuseRunFlags(flags({ rounds: '3' }))).toThrow(
    /^--rounds: says how to run, and the runs to compare are stored/,
  );
});
