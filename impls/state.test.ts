import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { execute } from './apps/app.ts';
import { apps } from './apps/registry.ts';
import { ReplicatedState } from './state.ts';

const id = (seq: number, epoch = 0) => ({ client: 'c', epoch, seq });

describe('the reply cache', () => {
  test('repeats an answer until the client has it, then refuses the request', () => {
    const state = new ReplicatedState();
    expect(state.known(id(1))).toEqual({ type: 'new' });
    state.remember(id(1), 0, 'one');
    expect(state.known(id(1))).toEqual({ type: 'answered', reply: 'one' });
    state.remember(id(2), 1, 'two');
    expect(state.known(id(1))).toEqual({ type: 'stale' });
    expect(state.known(id(2))).toEqual({ type: 'answered', reply: 'two' });
  });

  test('an earlier life of a client is refused, a later one begins anew', () => {
    const state = new ReplicatedState();
    state.remember(id(5, 1), 4, 'x');
    expect(state.known(id(6, 0))).toEqual({ type: 'stale' });
    expect(state.known(id(1, 2))).toEqual({ type: 'new' });
  });
});

const input = fc.oneof(
  fc.record({
    app: fc.constant('kv'),
    f: fc.constantFrom('read', 'write'),
    key: fc.constantFrom('a', 'b'),
    value: fc.nat(9),
  }),
  fc.record({
    app: fc.constant('kv'),
    f: fc.constant('cas'),
    key: fc.constantFrom('a', 'b'),
    value: fc.tuple(fc.nat(3), fc.nat(3)),
  }),
  fc.record({
    app: fc.constant('queue'),
    f: fc.constantFrom('enqueue', 'dequeue'),
    key: fc.constantFrom('p', 'q'),
    value: fc.nat(9),
  }),
  fc.record({
    app: fc.constant('log'),
    f: fc.constantFrom('append', 'read'),
    key: fc.constantFrom('l', 'm'),
    value: fc.nat(9),
  }),
);

/** The same applications, written down the obvious way. */
function obvious() {
  const registers = new Map<string, unknown>();
  const lists = new Map<string, unknown[]>();
  return ({ f, key, value, app }: { app: string; f: string; key: string; value: unknown }): unknown => {
    const list = lists.get(app + key) ?? [];
    lists.set(app + key, list);
    switch (f) {
      case 'write':
        registers.set(key, value);
        return null;
      case 'cas': {
        const [expected, next] = value as [unknown, unknown];
        if ((registers.get(key) ?? null) !== expected) return false;
        registers.set(key, next);
        return true;
      }
      case 'enqueue':
        list.push(value);
        return null;
      case 'dequeue':
        return list.shift() ?? null;
      case 'append':
        return list.push(value);
      default:
        return app === 'log' ? [...list] : (registers.get(key) ?? null);
    }
  };
}

describe('applications', () => {
  test('answer as the obvious ones do; deltas and snapshots carry all of their state', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 60 }), (inputs) => {
        const model = obvious();
        let primary = new ReplicatedState();
        const backup = new ReplicatedState();
        for (const [i, { app, f, key, value }] of inputs.entries()) {
          const speculation = new ReplicatedState(primary);
          let reply: unknown;
          const delta = speculation.record(() => {
            reply = execute(apps[app]!, { f, key: app + key, value }, speculation, () => null);
          });
          expect(reply).toEqual(model({ app, f, key: app + key, value }));
          primary.applyDelta(delta);
          backup.applyDelta(delta);
          if (i % 7 === 0) primary = ReplicatedState.restore(primary.snapshot());
        }
        expect(backup.snapshot().flat().sort()).toEqual(primary.snapshot().flat().sort());
      }),
      { numRuns: 200 },
    );
  });

  test('an input that an application does not know is refused and changes nothing', () => {
    const state = new ReplicatedState();
    const delta = state.record(() => {
      expect(execute(apps['kv']!, { f: 'explode', key: 'a', value: 1 }, state, () => null)).toEqual({
        refused: 'kv knows no explode',
      });
    });
    expect(delta).toEqual([]);
  });
});
