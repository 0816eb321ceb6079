import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../core/json.ts';
import { execute, type AppInput, type AppStates, type Choice } from './app.ts';
import { apps } from './registry.ts';

/** An application by itself: its states, and the choices that it asked for. */
function run(name: string) {
  const kept = new Map<string, Json>();
  const states: AppStates = {
    read: (key) => kept.get(key),
    write: (key, state) => {
      if (state === undefined) kept.delete(key);
      else kept.set(key, state);
    },
  };
  const choices: string[] = [];
  const made: Json[] = [];
  let now = 1000.4;
  const decide = (choice: Choice): Json => {
    const value = choice.make(() => 0.25, (now += 10));
    choices.push(choice.name);
    made.push(value);
    return value;
  };
  const app = apps[name]!;
  return {
    kept,
    choices,
    made,
    app,
    ask: (f: string, value: Json = null, key: Json = 'x') => execute(app, { f, key, value }, states, decide),
    /** As a replica executes that is told what another has chosen. */
    follow: (input: AppInput, logged: readonly Json[]) => {
      let at = 0;
      return execute(app, input, states, () => logged[at++] ?? null);
    },
  };
}

test('kv: write, read, cas', () => {
  const { ask } = run('kv');
  expect([ask('read'), ask('write', 1), ask('read'), ask('cas', [1, 2]), ask('cas', [1, 3])]).toEqual([
    null,
    null,
    1,
    true,
    false,
  ]);
  expect(ask('read')).toBe(2);
  expect(ask('read', null, 'y')).toBeNull();
  expect(ask('cas', 1)).toEqual({ refused: 'cas wants [expected, next]' });
});

test('queue: first in, first out, and nothing is left of what is gone', () => {
  const { ask, kept } = run('queue');
  ask('enqueue', 1);
  ask('enqueue', 2);
  expect([ask('dequeue'), ask('dequeue'), ask('dequeue')]).toEqual([1, 2, null]);
  expect([...kept.keys()]).toEqual(['x']);
});

test('log: append tells the place, read the list', () => {
  const { ask } = run('log');
  expect([ask('append', 'a'), ask('append', 'b'), ask('read')]).toEqual([1, 2, ['a', 'b']]);
});

test('null: a call answers null, touches nothing and chooses nothing', () => {
  const { ask, kept, choices, app } = run('null');
  expect(ask('call')).toBeNull();
  expect(app.keys({ f: 'call', key: null, value: null })).toEqual([]);
  expect([kept.size, choices]).toEqual([0, []]);
});

describe('lock', () => {
  test('one holder at a time; only its token releases', () => {
    const { ask } = run('lock');
    expect(ask('read')).toBeNull();
    const grant = ask('acquire') as { token: number };
    expect(ask('acquire')).toBeNull();
    expect(ask('read')).toEqual(grant);
    expect(ask('release', grant.token + 1)).toBe(false);
    expect(ask('release', null)).toBe(false);
    expect(ask('release', grant.token, 'y')).toBe(false);
    expect(ask('release', grant.token)).toBe(true);
    expect([ask('read'), ask('release', grant.token)]).toEqual([null, false]);
  });

  test('tokens rise, though chance gives the same each time', () => {
    const { ask } = run('lock');
    const tokens = [1, 2, 3].map(() => {
      const { token } = ask('acquire') as { token: number };
      ask('release', token);
      return token;
    });
    expect(tokens).toEqual([5 * 2 ** 22, 9 * 2 ** 22, 13 * 2 ** 22]);
  });

  test('chooses once by chance and once by clock for each grant, and never otherwise', () => {
    const { ask, choices, made } = run('lock');
    const grant = ask('acquire') as { token: number; since: number };
    ask('acquire');
    ask('read');
    ask('release', grant.token);
    expect(choices).toEqual(['token', 'since']);
    expect(made).toEqual([2 ** 22, 1020]);
    expect(grant.since).toBe(1020);
  });

  test('who is told the choices grants the same', () => {
    const first = run('lock');
    const second = run('lock');
    const grant = first.ask('acquire');
    expect(second.follow({ f: 'acquire', key: 'x', value: null }, first.made)).toEqual(grant);
    expect(second.kept).toEqual(first.kept);
    const another = run('lock');
    expect(another.follow({ f: 'acquire', key: 'x', value: null }, [1, 1])).not.toEqual(grant);
  });
});

test.each(Object.keys(apps))('%s refuses what it does not know, and changes nothing', (name) => {
  const { ask, kept } = run(name);
  expect(ask('explode', 1)).toEqual({ refused: `${name} knows no explode` });
  expect(kept.size).toBe(0);
});
