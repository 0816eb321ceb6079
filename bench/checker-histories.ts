import type { EventType } from '../core/history.ts';
import type { Json } from '../core/json.ts';
import type { Random } from '../core/random.ts';

/** What is asked of how many clients, and how it goes wrong. */
export interface HistoryShape {
  readonly object: keyof typeof simulated;
  readonly clients: number;
  readonly operations: number;
  readonly keys: number;
  /** The share of operations that never return; their clients go on under another number. */
  readonly unknown: number;
  /** One wrong answer, after nine tenths of the operations. */
  readonly isBad: boolean;
}

/** One line of a history. */
export type Line = (type: EventType, process: number, f: string, key: Json, value: Json) => void;

/** An object of which clients really ask things: `state` is what it holds, `next` counts up, so that values are unique. */
interface Simulated {
  ask(random: Random, next: number, state: Json[]): readonly [f: string, value: Json];
  perform(state: Json[], f: string, value: Json): Json;
  /** An answer that no order allows, or undefined if there is none now. */
  wrong(state: readonly Json[], f: string, past: readonly Json[], clients: number): Json | undefined;
}

const register = (share: { write: number; cas: number }, values: number | null): Simulated => ({
  ask: (random, next, state) => {
    const kind = random.unit();
    const value = values === null ? next : random.int(0, values - 1);
    if (kind < share.write) return ['write', value];
    if (kind >= share.write + share.cas) return ['read', null];
    return ['cas', [values === null ? (state[0] ?? null) : random.int(0, values - 1), value]];
  },
  perform: (state, f, value) => {
    if (f === 'read') return state[0] ?? null;
    if (f === 'write') {
      state[0] = value;
      return null;
    }
    const [expected = null, next = null] = value as Json[];
    const isMet = (state[0] ?? null) === expected;
    if (isMet) state[0] = next;
    return isMet;
  },
  // What was overwritten long ago.
  wrong: (_state, f, past, clients) => (f === 'read' ? past[past.length - 1 - 20 * clients] : undefined),
});

const container = (put: string, take: string, isQueue: boolean): Simulated => ({
  ask: (random, next, state) =>
    random.unit() < (state.length < 20 ? 0.6 : 0.45) ? [put, next] : [take, null],
  perform: (state, f, value) => {
    if (f === take) return (isQueue ? state.shift() : state.pop()) ?? null;
    state.push(value);
    return null;
  },
  // What was taken long ago.
  wrong: (_state, f, past, clients) => (f === take ? past[past.length - 1 - 20 * clients] : undefined),
});

/** Ways to use an object, by the name of the bench's rows. */
export const simulated = {
  register: register({ write: 0.5, cas: 0 }, null),
  cas: register({ write: 0.2, cas: 0.4 }, null),
  'jepsen-cas': register({ write: 0.33, cas: 0.33 }, 5),
  queue: container('enqueue', 'dequeue', true),
  stack: container('push', 'pop', false),
  set: {
    ask: (random, next) => {
      const kind = random.unit();
      if (kind < 0.4) return ['add', next];
      return [kind < 0.7 ? 'contains' : 'remove', random.int(Math.max(1, next - 60), next)];
    },
    perform: (state, f, value) => {
      const at = state.indexOf(value);
      if (f === 'add') {
        state.push(value);
        if (state.length > 200) state.shift(); // nobody asks for what is so old
        return null;
      }
      if (f === 'remove' && at >= 0) state.splice(at, 1);
      return at >= 0;
    },
    wrong: () => undefined,
  },
  counter: {
    ask: (random) => (random.unit() < 0.5 ? ['increment', null] : ['read', null]),
    perform: (state, f) => {
      const count = Number(state[0] ?? 0) + (f === 'increment' ? 1 : 0);
      state[0] = count;
      return f === 'read' ? count : null;
    },
    wrong: (state, f, _past, clients) => (f === 'read' ? Number(state[0] ?? 0) - 3 * clients : undefined),
  },
  log: {
    ask: (_random, next) => ['append', next],
    perform: (state) => {
      state[0] = Number(state[0] ?? 0) + 1;
      return state[0];
    },
    wrong: (state) => Number(state[0] ?? 0) - 1,
  },
} satisfies Readonly<Record<string, Simulated>>;

/** About two thirds of the clients are always busy. */
export function simulateHistory(shape: HistoryShape, random: Random, line: Line): void {
  const object: Simulated = simulated[shape.object];
  const states = Array.from({ length: shape.keys }, (): Json[] => []);
  const doing: (Doing | null)[] = Array.from({ length: shape.clients }, () => null);
  const processes = Array.from({ length: shape.clients }, (_, client) => client);
  const past: Json[] = [];
  let nextProcess = shape.clients;
  let invoked = 0;
  let isBadYet = !shape.isBad;

  const invoke = (client: number): void => {
    const key = random.int(0, shape.keys - 1);
    invoked += 1;
    const [f, value] = object.ask(random, invoked, states[key] ?? []);
    doing[client] = { f, key, value, result: null, stage: 'asked' };
    line('invoke', processes[client] ?? 0, f, key, value);
  };
  const perform = (client: number, operation: Doing): void => {
    const isUnknown = random.unit() < shape.unknown;
    if (isUnknown && random.unit() < 0.5) return forget(client, operation);
    const state = states[operation.key] ?? [];
    const wrong =
      isBadYet || invoked < 0.9 * shape.operations
        ? undefined
        : object.wrong(state, operation.f, past, shape.clients);
    operation.result = wrong ?? object.perform(state, operation.f, operation.value);
    operation.stage = 'done';
    if (wrong !== undefined) isBadYet = true;
    else if (operation.result !== null) past.push(operation.result);
    if (isUnknown) forget(client, operation);
  };
  const forget = (client: number, { f, key, value }: Doing): void => {
    line('info', processes[client] ?? 0, f, key, value);
    processes[client] = nextProcess++;
    doing[client] = null;
  };
  while (invoked < shape.operations || doing.some((each) => each !== null)) {
    const client = random.int(0, shape.clients - 1);
    const operation = doing[client] ?? null;
    if (operation === null) {
      if (invoked < shape.operations) invoke(client);
    } else if (operation.stage === 'asked') perform(client, operation);
    else {
      line('ok', processes[client] ?? 0, operation.f, operation.key, operation.result);
      doing[client] = null;
    }
  }
}

interface Doing {
  readonly f: string;
  readonly key: number;
  readonly value: Json;
  result: Json;
  stage: 'asked' | 'done';
}
