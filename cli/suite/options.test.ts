import { expect, test } from '@jest/globals';
import { UsageError } from '../../core/errors.ts';
import type { Settings } from '../settings.ts';
import { matches, suiteCommand, suiteOptions } from './options.ts';

const flags = (given: Readonly<Record<string, string>>): Settings =>
  new Map(
    Object.entries(given).map(([name, text]) => [name, { texts: [text], place: `--${name}`, from: 'flag' }]),
  );

test('a shard is one of so many', () => {
  expect(suiteOptions(flags({ shard: '2/3' })).shard).toEqual({ index: 2, of: 3 });
  for (const wrong of ['0/3', '4/3', '3', '1/0', '1/2/3', 'a/b', '-1/2']) {
    expect(() => suiteOptions(flags({ shard: wrong }))).toThrow(UsageError);
  }
});

test.each([
  ['kill', true],
  ['KILL, seed', true],
  ['passive*seed 1', true],
  ['active*passive', false],
  ['k.ll', false],
  ['kill)', false],
])('--only=%s', (pattern, expected) => {
  expect(matches('passive, kv, kill, seed 1', pattern)).toBe(expected);
});

test('the command repeats what decides the runs, with the seed, and as a shell reads it', () => {
  const given = flags({ only: "a b's", jobs: '2', fresh: 'true', junit: 'j.xml' });
  expect(suiteCommand('my suite.yaml', given, 42)).toBe(
    String.raw`npx ftcheck suite 'my suite.yaml' --seed=42 '--only=a b'\''s' --jobs=2`,
  );
});
