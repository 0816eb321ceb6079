import { expect, test } from '@jest/globals';
import { parseNodeConfig } from './config.ts';

const good = {
  layer: 'simple',
  options: {},
  app: 'kv',
  slot: 'n1',
  incarnation: 0,
  mode: 'bootstrap',
  peers: [{ slot: 'n1', host: '127.0.0.1', port: 0 }],
  timing: 'default',
  serviceMs: 0.5,
  seed: 7,
  traceFile: null,
  originNs: '0',
  eventFile: null,
  port: 0,
};

test('reads a whole configuration', () => {
  expect(parseNodeConfig(JSON.stringify(good))).toEqual(good);
});

test.each([
  [undefined, 'no configuration'],
  ['{', 'not JSON'],
  ['[]', 'a JSON object is wanted, not []'],
  ['@/nowhere/config.json', 'cannot read /nowhere/config.json'],
  [{ ...good, layer: 3 }, 'layer: a text is wanted, not 3'],
  [{ ...good, mode: 'again' }, 'mode: one of bootstrap, join is wanted, not "again"'],
  [{ ...good, slot: 'N1' }, 'slot: a slot, n1 or n2 or ..., is wanted, not "N1"'],
  [{ ...good, incarnation: -1 }, 'incarnation: a whole number from 0'],
  [{ ...good, port: 70_000 }, 'port: a whole number from 0 to 65535 is wanted, not 70000'],
  [{ ...good, peers: [{ slot: 'n1', host: 'h', port: 1.5 }] }, 'peers[0].port: a whole number'],
  [{ ...good, slot: 'n2' }, 'peers: a list with "n2" in it is wanted'],
  [{ ...good, timing: 'slow' }, 'timing: one of default, fast is wanted, not "slow"'],
  [{ ...good, serviceMs: -1 }, 'serviceMs: a number of milliseconds from 0 on is wanted, not -1'],
  [{ ...good, originNs: 12 }, 'originNs: a decimal number as text is wanted, not 12'],
])('says what is wrong with %j', (config, message) => {
  const argument = typeof config === 'object' ? JSON.stringify(config) : config;
  expect(() => parseNodeConfig(argument)).toThrow(message);
});
