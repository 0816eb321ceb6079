import type { MessageOf, Peer } from '../messages.ts';

type Input = MessageOf<'output'>;

/** What peers have sent and nobody has consumed, in order of their numbers, whatever the order in which it came (a hand-over lets two senders overtake each other). */
export class Inboxes {
  private readonly inboxes = new Map<Peer, { ep: number; readonly waiting: Map<number, Input> }>();

  put(input: Input): void {
    let inbox = this.inboxes.get(input.from);
    if (inbox !== undefined && inbox.ep > input.ep) return;
    if (inbox === undefined || inbox.ep < input.ep) {
      inbox = { ep: input.ep, waiting: new Map() };
      this.inboxes.set(input.from, inbox);
    }
    inbox.waiting.set(input.n, input);
  }

  /** The next input that is due and that may be taken; peers in turn. */
  take(due: (peer: Peer, ep: number) => number, mayTake: (input: Input) => boolean): Input | null {
    for (const [peer, inbox] of this.inboxes) {
      const next = due(peer, inbox.ep);
      // Copies of what was consumed since they came.
      for (const n of inbox.waiting.keys()) if (n < next || next === 0) inbox.waiting.delete(n);
      const input = inbox.waiting.get(next);
      if (input === undefined || !mayTake(input)) continue;
      inbox.waiting.delete(input.n);
      this.inboxes.delete(peer);
      if (inbox.waiting.size > 0) this.inboxes.set(peer, inbox);
      return input;
    }
    return null;
  }
}
