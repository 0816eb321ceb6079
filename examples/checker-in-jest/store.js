import { setTimeout as sleep } from 'node:timers/promises';

/** What is to be tested: a register that answers after a while, as a server would. */
export function makeStore() {
  let value = null;
  return {
    write: async (next) => {
      await sleep(Math.random() * 4);
      value = next;
      await sleep(Math.random() * 4);
    },
    read: async () => {
      await sleep(Math.random() * 4);
      const found = value;
      await sleep(Math.random() * 4);
      return found;
    },
  };
}

/** The same behind a cache that asks the store only for every fifth read. */
export function makeCachedStore() {
  const store = makeStore();
  let cached = null;
  let reads = 0;
  return {
    write: (next) => store.write(next),
    read: async () => {
      if (reads++ % 5 === 0) cached = await store.read();
      return cached;
    },
  };
}
