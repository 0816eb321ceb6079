/** The client stub as a unit of one process, frame by frame. Its targets are n1, n2, n3; a receiver is some incarnation of one of them. */
import { describe, expect, test } from '@jest/globals';
import type { Slot } from '../../core/ids.ts';
import { memberId, slotNamed, slots } from '../../core/ids.ts';
import type { Json } from '../../core/json.ts';
import type { ConnectionId, Effect } from '../../core/machine.ts';
import type { ConnectionFrame } from '../messages.ts';
import { decodeMessage, encodeMessage } from '../messages.ts';
import { UnitClient } from './client.ts';

const epoch = 4;

/** A client, and what it does: every dial comes through. */
class Driver {
  readonly said: { readonly to: Slot; readonly frame: ConnectionFrame }[] = [];
  readonly answers: Json[] = [];
  readonly timers = new Set<string>();
  private readonly client: UnitClient;
  private readonly slotOf = new Map<ConnectionId, Slot>();
  private seq = 0;

  constructor(targets: readonly Slot[] = slots(3)) {
    this.client = new UnitClient({ client: 'c1', epoch, mode: 'unit', targets, retryMs: 100 });
  }

  private step(event: Parameters<UnitClient['step']>[0]): void {
    for (const effect of this.client.step(event)) this.take(effect);
  }

  private take(effect: Effect): void {
    switch (effect.type) {
      case 'dial':
        this.slotOf.set(effect.connection, effect.slot);
        return this.step({ type: 'connected', now: 0, connection: effect.connection });
      case 'send': {
        const message = decodeMessage(effect.frame);
        if (message.type === 'client') this.said.push(this.sentOn(effect.connection, message.frame));
        return;
      }
      case 'close':
        this.slotOf.delete(effect.connection);
        return;
      case 'set-timer':
        this.timers.add(effect.name);
        return;
      case 'clear-timer':
        this.timers.delete(effect.name);
        return;
      case 'answer':
        this.answers.push(effect.value);
        return;
      case 'trace':
      case 'exit':
      case 'want-replacement':
        throw new Error(`a client does not ${effect.type}`);
    }
  }

  private sentOn(connection: ConnectionId, frame: unknown) {
    const to = this.slotOf.get(connection);
    if (to === undefined) throw new Error('sent on a connection that is closed');
    return { to, frame: frame as ConnectionFrame };
  }

  invoke(): void {
    this.step({ type: 'invoke', now: 0, operation: { f: 'read', key: 'x', value: null, seq: ++this.seq } });
  }

  hear(from: string, frame: ConnectionFrame): void {
    const known = [...this.slotOf].reverse().find(([, slot]) => slot === from);
    if (known === undefined) throw new Error(`no connection to ${from}`);
    this.step({ type: 'frame', now: 0, connection: known[0], frame: encodeMessage(frame) });
  }

  role(v: number, receiver: string, from = 'n3'): void {
    this.hear(from, { kind: 'role', unit: '', v, receiver: memberId(slotNamed(receiver), v) });
  }

  answer(n: number, { ep = epoch, ack = n, from = 'n2' } = {}): void {
    const body = { request: `c1/${ep}/${n}`, value: `answer ${n}` };
    this.hear(from, {
      kind: 'output',
      from: 'unit:unit',
      to: 'c1',
      ep,
      n,
      type: 'response',
      body,
      ack,
      via: null,
    });
  }

  acknowledge(ack: number, ep = epoch): void {
    this.hear('n2', { kind: 'output-ack', from: 'unit:unit', to: 'c1', ep, ack, via: null });
  }

  timer(name: string): void {
    if (!this.timers.delete(name)) throw new Error(`the timer ${name} is not set`);
    this.step({ type: 'timer', now: 0, name });
  }

  /** Requests so far: whom it asked, for which number. */
  get asked(): readonly string[] {
    return this.said.flatMap(({ to, frame }) => (frame.kind === 'output' ? [`${to} ${frame.n}`] : []));
  }

  /** Acknowledgements so far that came without a request. */
  get acked(): readonly string[] {
    return this.said.flatMap(({ to, frame }) => (frame.kind === 'output-ack' ? [`${to} ${frame.ack}`] : []));
  }
}

describe('whom it asks', () => {
  test('greets everybody, and asks nobody until it knows who receives', () => {
    const client = new Driver();
    client.invoke();
    expect(client.said.map(({ to, frame }) => `${to} ${frame.kind}`)).toEqual([
      'n1 probe',
      'n2 probe',
      'n3 probe',
    ]);
    client.role(1, 'n1');
    expect(client.asked).toEqual(['n1 1']);
    client.timer('retry');
    expect(client.asked).toEqual(['n1 1', 'n1 1']);
  });

  test('follows whoever receives in a later view, and nobody of an earlier or the same one', () => {
    const client = new Driver();
    client.invoke();
    client.role(2, 'n2');
    client.role(2, 'n3');
    client.role(1, 'n1');
    expect(client.asked).toEqual(['n2 1']);
    client.role(3, 'n1');
    expect(client.asked).toEqual(['n2 1', 'n1 1']);
  });

  test('stays with the receiver for the next operation', () => {
    const client = new Driver();
    client.invoke();
    client.role(1, 'n1');
    client.answer(1);
    client.invoke();
    expect(client.asked).toEqual(['n1 1', 'n1 2']);
  });

  test('makes every connection anew at every second repeat, and then asks again', () => {
    const client = new Driver();
    client.invoke();
    client.role(1, 'n1');
    client.timer('retry');
    const greetings = () => client.said.filter(({ frame }) => frame.kind === 'probe').length;
    const before = greetings();
    client.timer('retry');
    expect(greetings()).toBe(before + 3);
    expect(client.asked.at(-1)).toBe('n1 1');
  });
});

describe('an acknowledged request', () => {
  test('is not sent again, to nobody', () => {
    const client = new Driver();
    client.invoke();
    client.role(1, 'n1');
    client.acknowledge(1);
    client.timer('retry');
    client.role(2, 'n2');
    expect(client.asked).toEqual(['n1 1']);
    client.answer(1);
    expect(client.answers).toEqual(['answer 1']);
    client.invoke();
    expect(client.asked).toEqual(['n1 1', 'n2 2']);
  });

  test('is not one that an earlier life of this client had acknowledged', () => {
    const client = new Driver();
    client.invoke();
    client.role(1, 'n1');
    client.acknowledge(9, epoch - 1);
    client.timer('retry');
    expect(client.asked).toEqual(['n1 1', 'n1 1']);
  });

  test('is asked for again through a node that only passes it on, since none but a repeat repeats the answer', () => {
    const n2 = slotNamed('n2');
    const client = new Driver([n2]);
    client.invoke();
    expect(client.said.map(({ frame }) => frame.kind === 'probe' && frame.here)).toContain(true);
    expect(client.asked).toEqual(['n2 1']);
    client.acknowledge(1);
    client.timer('retry');
    expect(client.asked.length).toBeGreaterThan(1);
    const vias = client.said.flatMap(({ frame }) => (frame.kind === 'output' ? [frame.via] : []));
    expect(new Set(vias)).toEqual(new Set([n2]));
  });
});

describe('answers', () => {
  test('are taken from whoever sends, in order of their numbers', () => {
    const client = new Driver();
    client.invoke();
    client.role(1, 'n1');
    // The answer to what it asks next comes first: two senders overtake each other.
    client.answer(2, { from: 'n3', ack: 0 });
    expect(client.answers).toEqual([]);
    client.timer('idle-ack');
    expect(client.acked).toEqual([]);
    client.answer(1, { from: 'n2' });
    expect(client.answers).toEqual(['answer 1']);
    client.timer('idle-ack');
    expect(client.acked).toEqual(['n1 2']);
  });

  test('that come twice, or to an earlier life, are no answers', () => {
    const client = new Driver();
    client.invoke();
    client.role(1, 'n1');
    client.answer(1, { ep: epoch - 1 });
    expect(client.answers).toEqual([]);
    client.answer(1);
    client.answer(1);
    client.invoke();
    client.answer(1);
    expect(client.answers).toEqual(['answer 1']);
  });

  test('end the repeats', () => {
    const client = new Driver();
    client.invoke();
    client.role(1, 'n1');
    client.answer(1);
    expect(client.timers.has('retry')).toBe(false);
  });
});

describe('acknowledgements', () => {
  test('go with the next request', () => {
    const client = new Driver();
    client.invoke();
    client.role(1, 'n1');
    client.answer(1);
    client.invoke();
    client.timer('idle-ack');
    expect(client.said.flatMap(({ frame }) => (frame.kind === 'output' ? [frame.ack] : []))).toEqual([0, 1]);
    expect(client.acked).toEqual([]);
  });

  test('go alone to the receiver when there is no next request, and once', () => {
    const client = new Driver();
    client.invoke();
    client.role(1, 'n1');
    client.answer(1);
    client.timer('idle-ack');
    expect(client.acked).toEqual(['n1 1']);
  });

  test('are repeated to a unit that repeats itself', () => {
    const client = new Driver();
    client.invoke();
    client.role(1, 'n1');
    client.answer(1);
    client.timer('idle-ack');
    client.answer(1);
    client.timer('idle-ack');
    expect(client.acked).toEqual(['n1 1', 'n1 1']);
  });
});
