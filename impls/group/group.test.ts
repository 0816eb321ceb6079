/** A member alone with its messages: what it does while a view changes, by mode. */
import { expect, test } from '@jest/globals';
import type { MemberId } from '../../core/ids.ts';
import { slots } from '../../core/ids.ts';
import { defaultTiming } from '../../core/machine.ts';
import type { LayerPort } from '../layer.ts';
import type { Message, View } from '../messages.ts';
import type { GroupMode } from './group.ts';
import { Group } from './group.ts';
import { firstView, nextView } from './membership.ts';

const id = (name: string): MemberId => name as MemberId;

/** Member n1.0 of three, `mode` apart all the same; `witness` votes only. */
function member(mode: GroupMode, { me = 'n1.0', witness = '' } = {}) {
  const sent: { readonly to: MemberId; readonly message: Message }[] = [];
  let views = 0;
  let isHeir = true;
  const ignore = (): void => undefined;
  const port: LayerPort = {
    me: id(me),
    slots: slots(3),
    timing: defaultTiming,
    now: () => 0,
    send: (to, message) => sent.push({ to, message }),
    offer: ignore,
    expect: ignore,
    setTimer: ignore,
    answer: ignore,
    redirect: ignore,
    say: ignore,
    trace: ignore,
    wantReplacement: ignore,
    exit: ignore,
  };
  const user = {
    deliver: ignore,
    installed: () => views++,
    stable: ignore,
    snapshot: () => [],
    adopt: ignore,
    becameSynced: ignore,
    isHeir: () => isHeir,
    requestOf: () => '',
  };
  const policy = { first: firstView, next: nextView, isWitness: (one: MemberId) => one === witness };
  const group = new Group(port, mode, user, policy);
  group.start('bootstrap');
  const flushes = () =>
    sent.flatMap(({ to, message }) => (to === 'n2.0' && message.kind === 'flush' ? [message] : []));
  return { group, port, user, sent, flushes, views: () => views, setHeir: (is: boolean) => (isHeir = is) };
}

const next: View = { id: 2, members: [id('n1.0'), id('n2.0')], fresh: [], gone: { n3: 0 } };
const decide: Message = { kind: 'decide', v: 1, k: 1, value: { next, cut: 0, messages: [], batch: [] } };

test('a stream stops with the flush, and goes on in the next view', () => {
  const { group } = member('stream');
  group.replaced(id('n3.0'));
  expect(group.frozen).toBe(true);
  expect(group.multicast('x')).toBe(false);
  group.receive(id('n2.0'), decide);
  expect(group.multicast('x')).toBe(true);
});

test('a user of views alone goes on through a change', () => {
  const { group, flushes, views } = member('views');
  group.replaced(id('n3.0'));
  expect(flushes()).toHaveLength(1);
  expect(group.frozen).toBe(false);
  expect(views()).toBe(1);
  group.receive(id('n2.0'), decide);
  expect(views()).toBe(2);
  expect(group.view).toEqual(next);
  expect(group.frozen).toBe(false);
});

test('nobody brings the state over to a joiner that has asked for views alone', () => {
  for (const mode of ['views', 'stream'] as const) {
    const { port, user, sent } = member(mode, { me: 'n3.1' });
    const joined: View = {
      id: 3,
      members: [id('n1.0'), id('n2.0'), id('n3.1')],
      fresh: [id('n3.1')],
      gone: { n3: 0 },
    };
    const joiner = new Group(port, mode, user);
    joiner.receive(id('n1.0'), { kind: 'welcome', view: joined, decision: null });
    expect(sent.some(({ message }) => message.kind === 'state-request')).toBe(mode === 'stream');
    expect(joiner.synced).toBe(false);
    sent.length = 0;
    joiner.hasState();
    expect(joiner.synced).toBe(true);
    expect(sent.filter(({ message }) => message.kind === 'synced').map(({ to }) => to)).toEqual([
      'n1.0',
      'n2.0',
    ]);
  }
});

test('a flush says whether its sender may come first, and again when that changes', () => {
  const { group, flushes, setHeir } = member('views');
  setHeir(false);
  group.flushAgain();
  expect(flushes()).toEqual([]);
  group.replaced(id('n3.0'));
  setHeir(true);
  group.flushAgain();
  expect(flushes().map(({ heir }) => heir)).toEqual([false, true]);
});

test('a witness has no state, from the beginning', () => {
  expect(member('views', { me: 'n3.0', witness: 'n3.0' }).group.synced).toBe(false);
  expect(member('views', { me: 'n2.0', witness: 'n3.0' }).group.synced).toBe(true);
});
