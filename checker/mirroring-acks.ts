import { isJsonObject, type Json } from '../core/json.ts';
import type { TraceEvent } from '../core/trace.ts';
import { connections, peerName, type CountingRule } from './mirroring-connections.ts';
import { numberOf, textOf, unitOf } from './trace-facts.ts';
import { certainly, missing, violationList } from './violations.ts';

/** Up to which input a unit has acknowledged a peer's messages. */
interface Acknowledged {
  upTo: number;
  /** Who said so, and the same before that moment. */
  event: TraceEvent | null;
  before: number;
}

/**
 * An acknowledged input is in the log of every later primary [Somersault §2.4]: the peer has forgotten it, and nobody will send it again. Later
 * by views, not by time: a primary of a view that others have left may wake late, and takes over from nobody.
 */
export function acknowledgedInputs(): CountingRule {
  const { all, once } = violationList();
  const counts = { acknowledgements: 0, takeOvers: 0 };
  const viewOf = new Map<string, number>();
  const acks = connections(() => new Map<number, Acknowledged>());
  const acked = (event: TraceEvent): void => {
    counts.acknowledgements++;
    const byView = acks.of(event);
    const view = viewOf.get(event.node) ?? 0;
    let known = byView.get(view);
    if (known === undefined) byView.set(view, (known = { upTo: 0, event: null, before: 0 }));
    const upTo = numberOf(event['upTo']);
    if (upTo <= known.upTo) return;
    if (known.event === null || known.event.time < event.time) known.before = known.upTo;
    known.upTo = upTo;
    known.event = event;
  };
  const tookOver = (event: TraceEvent): void => {
    counts.takeOvers++;
    const inputs = event['inputs'];
    const view = numberOf(event['view']);
    for (const [peer, lives] of acks.inUnit(unitOf(event))) {
      const [ep, consumed] = consumedOf(isJsonObject(inputs) ? inputs[peer] : undefined);
      for (const [life, byView] of lives) {
        if (life < ep) continue;
        for (const [ackView, { upTo, event: ack, before }] of byView) {
          // Of two lines of one time, either may have come first.
          const promised = ack !== null && ack.time < event.time ? upTo : before;
          if (ack === null || ackView > view || promised <= (life === ep ? consumed : 0)) continue;
          const has = life === ep ? `has consumed them up to ${consumed}` : `knows nothing of that life`;
          once(`lost ${event.node} ${peer}`, () =>
            certainly(
              `acknowledged input lost: ${ack.node} acknowledged the messages of ${peerName(ack)} up to ${promised}, but ${event.node}, which took over in view ${view}, ${has}`,
            ),
          );
        }
      }
    }
  };
  return {
    events: ['acked', 'took-over', 'view'],
    counts,
    found: () => all,
    see: (event) => {
      if (event.event === 'acked') acked(event);
      else if (event.event === 'took-over') tookOver(event);
      else viewOf.set(event.node, numberOf(event['view']));
    },
  };
}

/** `[life, number]` of the last message consumed. */
function consumedOf(value: Json | undefined): readonly [ep: number, n: number] {
  const numbers: readonly Json[] = Array.isArray(value) ? value : [];
  const [ep, n] = numbers;
  return typeof ep === 'number' && typeof n === 'number' ? [ep, n] : [0, 0];
}

/**
 * An output is kept for sending again until its receiver has it [Somersault §3.3.1], or is another. `receipts`: all of `ack-received`, in order
 * of time: what was received in the same moment counts.
 */
export function collectedOutputs(receipts: readonly TraceEvent[]): CountingRule {
  const { all, once } = violationList();
  const counts = { collections: 0 };
  const received = connections(() => ({ upTo: 0 }));
  const latestLife = new Map<string, number>();
  let next = 0;
  const absorb = (time: number): void => {
    for (let receipt = receipts[next]; receipt !== undefined && receipt.time <= time;) {
      const known = received.of(receipt);
      known.upTo = Math.max(known.upTo, numberOf(receipt['upTo']));
      receipt = receipts[++next];
    }
  };
  const lifeKey = (event: TraceEvent): string => `${unitOf(event)} ${textOf(event['peer'])}`;
  const collected = (event: TraceEvent): void => {
    counts.collections++;
    absorb(event.time);
    const upTo = numberOf(event['upTo']);
    const known = received.of(event).upTo;
    if (upTo <= known || (latestLife.get(lifeKey(event)) ?? 0) > numberOf(event['ep'])) return;
    once(`collected ${event.node} ${textOf(event['peer'])}`, () =>
      missing(
        `collected too early: ${event.node} dropped outputs to ${peerName(event)} up to ${upTo}, which had acknowledged ${known === 0 ? 'none' : `them up to ${known}`}`,
      ),
    );
  };
  return {
    events: ['collected', 'consumed'],
    counts,
    found: () => all,
    see: (event) => {
      if (event.event === 'collected') collected(event);
      else if (event['type'] === 'in') {
        const ep = numberOf(event['ep']);
        if (ep > 1) latestLife.set(lifeKey(event), Math.max(ep, latestLife.get(lifeKey(event)) ?? 0));
      }
    },
  };
}
