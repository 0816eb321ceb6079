import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judgeLinearizable } from '../checker/linearizable/linearizable.ts';
import { models } from '../checker/models/models.ts';
import type { EventType, HistoryEvent } from '../core/history.ts';
import type { ClientRequest } from '../core/impl.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { makeRandom } from '../core/random.ts';
import { nanos } from '../core/units.ts';
import { execute } from '../impls/apps/app.ts';
import { lock as app } from '../impls/apps/lock.ts';
import { noLimits } from '../test/judged-run.ts';
import { lock } from './lock.ts';

interface Client {
  process: number;
  open: { readonly request: ClientRequest; readonly invocation: HistoryEvent } | null;
  result: Json | undefined;
}

/**
 * Clients side by side at a lock manager that loses requests and answers. What was lost on its way may arrive at any later time, when its
 * client is long gone.
 */
function play(input: {
  readonly seed: number;
  readonly operations: number;
  readonly loss: number;
  readonly options?: JsonObject;
}): HistoryEvent[] {
  const { seed, operations, loss, options = {} } = input;
  const random = makeRandom(seed).fork('service');
  const generator = lock.generator(options, makeRandom(seed));
  const kept = new Map<string, Json | undefined>();
  const states = {
    read: (key: string) => kept.get(key),
    write: (key: string, state: Json | undefined) => void kept.set(key, state),
  };
  const perform = (request: ClientRequest): Json =>
    execute(app, request, states, ({ make }) => make(() => random.unit(), history.length));
  const history: HistoryEvent[] = [];
  const late: ClientRequest[] = [];
  const clients = Array.from({ length: 8 }, (_, process): Client => ({
    process,
    open: null,
    result: undefined,
  }));
  let processes = clients.length;

  const write = ({ process }: Client, type: EventType, request: ClientRequest, value: Json): HistoryEvent => {
    const index = history.length;
    history.push({ ...request, index, time: nanos(index), process, type, value });
    return history[index]!;
  };
  const invoke = (client: Client): void => {
    const request = generator.next(client.process);
    client.open = { request, invocation: write(client, 'invoke', request, request.value) };
    client.result = undefined;
  };
  const complete = (client: Client, type: 'ok' | 'info', value: Json): void => {
    const { request, invocation } = client.open!;
    const completion = write(client, type, request, value);
    client.open = null;
    if (type === 'info') client.process = processes++;
    generator.completed(invocation, completion);
  };

  while (history.length < 2 * operations) {
    if (random.chance(0.05) && late.length > 0) perform(late.splice(random.int(0, late.length - 1), 1)[0]!);
    const client = random.pick(clients);
    if (client.open === null) invoke(client);
    else if (client.result !== undefined)
      complete(client, random.chance(loss) ? 'info' : 'ok', client.result);
    else if (!random.chance(loss)) client.result = perform(client.open.request);
    else {
      if (random.chance(0.6)) late.push(client.open.request);
      complete(client, 'info', client.open.request.value);
    }
  }
  return history;
}

const isGrant = ({ f, type, value }: HistoryEvent): boolean =>
  f === 'acquire' && type === 'ok' && value !== null;
const tokenOf = ({ value }: HistoryEvent): number => (value as { token: number }).token;

/** For each lock the longest stretch of the history without a grant, in operations. */
function longestWaits(history: readonly HistoryEvent[]): number[] {
  const keys = [...new Set(history.map(({ key }) => key))];
  return keys.map((key) => {
    const grants = history.filter((event) => event.key === key && isGrant(event)).map(({ index }) => index);
    const ends = [...grants, history.length];
    return Math.max(...ends.map((end, i) => end - (ends[i - 1] ?? 0))) / 2;
  });
}

const seeds = fc.nat(1e6);
const forSeeds = (check: (seed: number) => void, numRuns = 8): void =>
  fc.assert(fc.property(seeds, check), { numRuns });

test.each([
  [0, {}],
  [0.05, {}],
  [0.3, {}],
  [0.1, { read: 0 }],
  [0.1, { release: 0 }],
  [0.1, { keys: 1 }],
])('whatever is lost, no lock stays held for ever (%d of all, %j)', (loss, options) => {
  forSeeds((seed) => {
    const waits = longestWaits(play({ seed, loss, options, operations: 2000 }));
    expect(Math.max(...waits)).toBeLessThan(800);
  });
});

test('what happens is what a lock does', () => {
  forSeeds((seed) => {
    const history = play({ seed, loss: 0.1, operations: 1500 });
    const result = judgeLinearizable(history, models['lock']!, noLimits);
    expect(result).toMatchObject({ verdict: 'valid' });
  });
});

/** Of each token that somebody was given: the event that told so. */
const grantsOf = (history: readonly HistoryEvent[]): Map<number, HistoryEvent> =>
  new Map(history.filter(isGrant).map((event) => [tokenOf(event), event]));

test('nobody releases what its holder is about to be told of', () => {
  let others = 0;
  forSeeds((seed) => {
    const history = play({ seed, loss: 0.1, operations: 1500 });
    const grants = grantsOf(history);
    for (const { f, type, value, index } of history) {
      if (f !== 'release' || type !== 'invoke') continue;
      const grant = grants.get(value as number);
      others += grant === undefined ? 1 : 0;
      if (grant !== undefined) expect(index).toBeGreaterThan(grant.index);
    }
  });
  // Of tokens that nobody was told of, some are released all the same: their holders are gone.
  expect(others).toBeGreaterThan(50);
});

test('a hold is ended by its holder, unless that is gone or has had it for long', () => {
  let own = 0;
  forSeeds((seed) => {
    const history = play({ seed, loss: 0.1, operations: 1500 });
    const grants = grantsOf(history);
    const gone = new Map(
      history.filter(({ type }) => type === 'info').map(({ process, index }) => [process, index]),
    );
    const released = new Set<number>();
    for (const { f, type, value, index, process } of history) {
      const grant = f === 'release' ? grants.get(value as number) : undefined;
      if (grant === undefined || type !== 'invoke' || released.has(tokenOf(grant))) continue;
      released.add(tokenOf(grant));
      if (grant.process === process) own += 1;
      else expect((gone.get(grant.process) ?? Infinity) < index || index - grant.index > 60).toBe(true);
    }
  });
  expect(own).toBeGreaterThan(500);
});

test('who is never asked again loses its hold to others', () => {
  const generator = lock.generator({ keys: 1 }, makeRandom(3));
  const told = (request: ClientRequest, process: number, value: Json): void => {
    const invocation = { ...request, index: 0, time: nanos(0), process, type: 'invoke' as const };
    generator.completed(invocation, { ...invocation, type: 'ok', value });
  };
  for (let request = generator.next(0); ; request = generator.next(0)) {
    told(request, 0, request.f === 'acquire' ? { token: 5, since: 0 } : null);
    if (request.f === 'acquire') break;
  }
  const asked = Array.from({ length: 200 }, () => {
    const request = generator.next(1);
    told(request, 1, request.f === 'release' ? true : null);
    return request;
  });
  expect(asked.filter(({ f, value }) => f === 'release' && value === 5).length).toBeGreaterThan(0);
});
