import { expect, test } from '@jest/globals';
import { check, matchers, models, recordHistory } from 'ftcheck/checker';
import { makeCachedStore, makeStore } from './store.js';

expect.extend(matchers);

/** Five clients at once, each with its own process number; every written value is unique, so that the checker is quick. */
async function exercise(store) {
  const history = recordHistory();
  const client = async (process) => {
    for (let i = 0; i < 20; i++) {
      const value = 100 * process + i;
      if (i % 2 === 0) await history.record({ process, f: 'write', value }, () => store.write(value));
      else await history.record({ process, f: 'read' }, () => store.read());
    }
  };
  await Promise.all([1, 2, 3, 4, 5].map(client));
  return history.entries;
}

test('the store is linearizable', async () => {
  expect(await exercise(makeStore())).toBeLinearizable(models.register);
});

test('the cached store is not, and the checker says why', async () => {
  const history = await exercise(makeCachedStore());
  expect(history).not.toBeLinearizable(models.register);
  const { reason } = check(history, models.register);
  console.log(reason);
});

/** A model of your own: three pure functions. */
const ticketMachine = {
  name: 'ticket machine',
  initial: () => 0,
  step: (last, { f, result }) => {
    if (f !== 'draw') throw new Error(`no such operation: ${f}`);
    return result === undefined || result === last + 1 ? last + 1 : null;
  },
  fingerprint: String,
};

test('no ticket is drawn twice', async () => {
  let last = 0;
  const history = recordHistory();
  const draw = (process) => history.record({ process, f: 'draw' }, async () => ++last);
  await Promise.all([1, 2, 3].map(draw));
  expect(history.entries).toBeLinearizable(ticketMachine);

  const twice = recordHistory();
  for (const process of [1, 2]) await twice.record({ process, f: 'draw' }, () => 1);
  expect(twice.entries).not.toBeLinearizable(ticketMachine);
});
