/**
 * One agreement among the members of a view: Chandra and Toueg's consensus with a rotating coordinator, as cited by Guerraoui and Schiper
 * ("consensus problem", "failure detectors"). Safe under any suspicions; ends while a majority is alive and connected and
 * somebody in it is eventually suspected by nobody.
 *
 * A value decided in round r is held with timestamp r by a majority, so every later coordinator, which reads a majority's estimates and
 * takes the newest, proposes it again.
 */
import type { MemberId } from '../../core/ids.ts';
import type { ConsensusMessage, Value } from '../messages.ts';

export const majority = (count: number): number => Math.floor(count / 2) + 1;

export interface ConsensusPort {
  /** To one member, myself included. */
  send(to: MemberId, message: ConsensusMessage): void;
  suspects(id: MemberId): boolean;
  /** The agreement is under way and has no value of mine: propose one, however empty. */
  needValue(): void;
  decided(value: Value): void;
}

export class Consensus {
  private readonly v: number;
  private readonly k: number;
  private readonly me: MemberId;
  private readonly members: readonly MemberId[];
  private readonly port: ConsensusPort;
  private round = 0;
  private estimate: Value | null = null;
  private timestamp = 0;
  private done = false;
  private readonly estimateSent = new Set<number>();
  private readonly estimates = new Map<number, Map<MemberId, { ts: number; value: Value }>>();
  private readonly proposals = new Map<number, Value>();
  private readonly accepted = new Map<number, Set<MemberId>>();

  constructor(options: {
    v: number;
    k: number;
    me: MemberId;
    members: readonly MemberId[];
    port: ConsensusPort;
  }) {
    this.v = options.v;
    this.k = options.k;
    this.me = options.me;
    this.members = options.members;
    this.port = options.port;
  }

  get hasEstimate(): boolean {
    return this.estimate !== null;
  }

  propose(value: Value): void {
    if (this.done || this.estimate !== null) return;
    this.estimate = value;
    if (this.round === 0) this.enter(1);
    else this.sayEstimate();
  }

  /** To be called whenever a suspicion begins or ends. */
  check(): void {
    if (this.done || this.round === 0) return;
    const coordinator = this.coordinator(this.round);
    if (coordinator !== this.me && this.port.suspects(coordinator)) this.enter(this.round + 1);
  }

  receive(from: MemberId, message: ConsensusMessage): void {
    if (message.kind === 'decide') return this.decide(message.value, from);
    if (this.done) return;
    if (message.r > this.round) this.enter(message.r);
    switch (message.kind) {
      case 'estimate':
        return this.onEstimate(from, message.r, { ts: message.ts, value: message.value });
      case 'propose':
        return this.onPropose(message.r, message.value);
      case 'accept':
        return this.onAccept(from, message.r);
      case 'round':
    }
  }

  private coordinator(round: number): MemberId {
    return this.members[(round - 1) % this.members.length] as MemberId;
  }

  private enter(round: number): void {
    if (round <= this.round || this.done) return;
    this.round = round;
    if (round > 1) this.toOthers({ kind: 'round', v: this.v, k: this.k, r: round });
    if (this.estimate === null) this.port.needValue();
    // Asking for a value may have led to a decision or a later round.
    if (this.round !== round || this.done) return;
    this.sayEstimate();
    this.check();
  }

  private sayEstimate(): void {
    // Locked in this round: the coordinator has my vote already and needs no estimate.
    if (this.estimate === null || this.estimateSent.has(this.round) || this.timestamp === this.round) return;
    this.estimateSent.add(this.round);
    this.port.send(this.coordinator(this.round), {
      kind: 'estimate',
      v: this.v,
      k: this.k,
      r: this.round,
      ts: this.timestamp,
      value: this.estimate,
    });
  }

  private onEstimate(from: MemberId, round: number, estimate: { ts: number; value: Value }): void {
    if (round !== this.round || this.coordinator(round) !== this.me || this.proposals.has(round)) return;
    const estimates = this.estimates.get(round) ?? new Map<MemberId, { ts: number; value: Value }>();
    this.estimates.set(round, estimates);
    estimates.set(from, estimate);
    // In round 1 nothing can be locked yet: the coordinator's own estimate is as good as any majority's.
    const enough = round === 1 ? estimates.has(this.me) : estimates.size >= majority(this.members.length);
    if (!enough) return;
    const own = round === 1 ? estimates.get(this.me) : undefined;
    const newest = own ?? [...estimates.values()].reduce((a, b) => (b.ts > a.ts ? b : a));
    this.proposals.set(round, newest.value);
    const message: ConsensusMessage = {
      kind: 'propose',
      v: this.v,
      k: this.k,
      r: round,
      value: newest.value,
    };
    this.toOthers(message);
    this.port.send(this.me, message);
  }

  private onPropose(round: number, value: Value): void {
    if (round !== this.round) return;
    this.estimate = value;
    this.timestamp = round;
    this.port.send(this.coordinator(round), { kind: 'accept', v: this.v, k: this.k, r: round });
  }

  private onAccept(from: MemberId, round: number): void {
    const value = this.proposals.get(round);
    if (value === undefined) return;
    const accepted = this.accepted.get(round) ?? new Set<MemberId>();
    this.accepted.set(round, accepted);
    accepted.add(from);
    // A majority has locked it, even if this round is already behind me.
    if (accepted.size >= majority(this.members.length)) this.decide(value, this.me);
  }

  private decide(value: Value, from: MemberId): void {
    if (this.done) return;
    this.done = true;
    const message: ConsensusMessage = { kind: 'decide', v: this.v, k: this.k, value };
    for (const id of this.members) if (id !== this.me && id !== from) this.port.send(id, message);
    this.port.decided(value);
  }

  private toOthers(message: ConsensusMessage): void {
    for (const id of this.members) if (id !== this.me) this.port.send(id, message);
  }
}
