import { expect, test } from '@jest/globals';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { attemptOf, errorAttempt, expectValid, resultOf } from '../../test/suite-fixture.ts';
import { appendState, beginState, endState, readState } from './state.ts';

const first = resultOf('a, seed 1', expectValid, [attemptOf('valid', { group: 'not-owed' })], 'passed');
const second = resultOf('b, seed 1', expectValid, [errorAttempt, attemptOf('invalid')], 'failed');

function temporary(): Disposable & { readonly path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'ftcheck-state-'));
  return {
    path: join(folder, 'suite-smoke', 'key.jsonl'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

test('what was found is read back as it was', () => {
  using state = temporary();
  expect(readState(state.path)).toBeNull();
  beginState(state.path, 42);
  appendState(state.path, first);
  appendState(state.path, second);
  expect(readState(state.path)).toEqual({
    seed: 42,
    results: new Map([
      [first.id, first],
      [second.id, second],
    ]),
  });
});

test('a torn line costs its own scenario only, also when the suite goes on after it', () => {
  using state = temporary();
  beginState(state.path, 42);
  appendState(state.path, first);
  const whole = readFileSync(state.path, 'utf8');
  writeFileSync(state.path, whole.slice(0, -30));
  expect(readState(state.path)?.results.size).toBe(0);
  appendState(state.path, second);
  expect([...(readState(state.path)?.results.keys() ?? [])]).toEqual([second.id]);
});

test('what is no state is none', () => {
  using state = temporary();
  beginState(state.path, 1);
  writeFileSync(state.path, '{"format":"something else"}\n');
  appendFileSync(state.path, `${JSON.stringify(first)}\n`);
  expect(readState(state.path)).toBeNull();
});

test('a suite that has come to its end leaves nothing', () => {
  using state = temporary();
  beginState(state.path, 42);
  endState(state.path);
  expect(existsSync(dirname(state.path))).toBe(false);
  endState(state.path);
});
