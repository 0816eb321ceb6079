import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../core/errors.ts';
import { chooseFailover, failoverCommand } from './settings.ts';
import { registry } from '../registry.ts';
import type { Given, Settings } from '../settings.ts';

const settings = (...flags: readonly string[]): Settings => {
  const given = new Map<string, Given>();
  for (const word of flags) {
    const [name = '', text = ''] = word.split(/=(.*)/s);
    given.set(name, { texts: [...(given.get(name)?.texts ?? []), text], place: `--${name}`, from: 'flag' });
  }
  return given;
};
const chosen = (...flags: readonly string[]) =>
  chooseFailover(settings('impl=somersault', ...flags), registry);

test('faults, options of the impl and SLOs are read as they are named', () => {
  const choice = chosen(
    'fault=kill:primary',
    'fault=partition:isolate-witness,hold',
    'logging=early',
    'slo=outage.p99<1s',
  );
  expect(choice.faults.map(({ name }) => name)).toEqual(['kill:primary', 'partition:isolate-witness,hold']);
  expect(choice).toMatchObject({
    trials: 300,
    rate: 1000,
    clients: 10,
    slos: [{ figure: 'outage', boundMs: 1000 }],
  });
  const plan = choice.planWith(7);
  expect(plan).toMatchObject({
    seed: 7,
    clients: 10,
    pinned: false,
    impl: { options: { logging: 'early' } },
    faults: [],
  });
});

describe('errors name the flag, what was found and what there is', () => {
  test.each([
    [
      [],
      '--fault is missing: partition, kill, crash, pause, each with a role after a colon, such as kill:primary',
    ],
    [['fault=kil:primary'], "--fault kil:primary: there is no fault 'kil' (did you mean kill?)"],
    [
      ['fault=slow'],
      '--fault slow: slow takes no service away at once; there are partition, kill, crash, pause',
    ],
    [
      ['fault=kill:backup'],
      '"kill:backup" does not know "backup"; after "kill:" may stand primary, secondary, witness, any',
    ],
    [
      ['fault=kill:never'],
      '"never" cannot be tried again and again on one group; after "kill:" may stand primary',
    ],
    [['fault=kill:primary+pause'], 'one fault each; repeat --fault for others'],
    [['fault=partition:hold,cut'], '--fault partition: a cut blocks both directions'],
    [['fault=kill', 'trials=0'], "--trials: '0' is not a whole number"],
    [['fault=kill', 'slo=p99<1s'], '--slo: no figure, quantile'],
    [['fault=kill', 'acks=all'], '--acks: is an option of passive'],
  ] as const)('%j', (flags, why) => {
    expect(() => chosen(...flags)).toThrow(UsageError);
    expect(() => chosen(...flags)).toThrow(why);
  });
});

test('the command that repeats a series holds what was chosen, quoted for a shell', () => {
  const given = settings('impl=passive', 'fault=kill:primary', 'fault=pause', 'slo=outage.p99<1s', 'out=x');
  expect(failoverCommand(given, registry, 5)).toBe(
    "npx ftcheck failover --impl=passive --fault=kill:primary --fault=pause '--slo=outage.p99<1s' --seed=5",
  );
});
