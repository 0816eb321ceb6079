/**
 * A member of a group: agreed views (primary partition), and one stream of messages that all members of a view deliver alike, ordered
 * either by the view's first member (VSCAST) or by agreement on batches (TOCAST by reduction to consensus). Guerraoui and Schiper,
 * "reduction of view synchronous multicast to consensus", "reduction of total order multicast to consensus"; Cristian §4.3.5.
 *
 * A member outside the current majority neither delivers nor lets its user answer; one that learns that it was excluded exits, and
 * its slot comes back as a new incarnation, with state transfer.
 */
import type { MemberId } from '../../core/ids.ts';
import { compareMembers, memberId, slotOf } from '../../core/ids.ts';
import type { Json } from '../../core/json.ts';
import type { Now } from '../../core/machine.ts';
import type { LayerPort } from '../layer.ts';
import type {
  ConsensusMessage,
  Decision,
  Message,
  MessageOf,
  Position,
  Request,
  Value,
  View,
} from '../messages.ts';
import { isConnectionFrame, isUnitMessage, requestKey } from '../messages.ts';
import { Consensus, majority } from './consensus.ts';
import { Detector } from './detector.ts';
import type { Flush } from './membership.ts';
import type { MembershipPolicy } from './membership.ts';
import { cutOf, isGone, peers } from './membership.ts';
import { Stream } from './stream.ts';
import type { Delivery } from './transfer.ts';
import { Transfer, isAfter } from './transfer.ts';

/** What the group does for its user, and the user for the group. */
export interface GroupUser {
  /** In the same order at every member with state; a joiner gets what follows its snapshot. */
  deliver(position: Position, payload: Json): void;
  /** A view was installed; the group's `view` and `synced` say the rest. */
  installed(): void;
  /** The stream's stable number moved (VSCAST only). */
  stable(seq: number): void;
  /** The delivered state, in chunks, for a joiner. */
  snapshot(): readonly Json[];
  adopt(chunks: readonly Json[]): void;
  /** Has the whole state now, having had none. */
  becameSynced(): void;
  /** May come first in a view; true where that is not said. */
  isHeir?(): boolean;
  /** For traces: the request that a payload carries. */
  requestOf(payload: Json): string;
}

/** `views`: agreed views and nothing else; its user goes on through a change. */
export type GroupMode = 'stream' | 'order' | 'views';

const joinLivesMs = 250;
/** At bootstrap processes start one after another: nobody is suspected before it was heard, for so long. */
const bootstrapGraceMs = 3000;
const replacementEveryMs = 500;
const batchMax = 256;
/** A member that beats but does not flush is given up after so many of its time-outs. */
const flushTimeouts = 4;
/** So many batches of a view are kept for members that lag behind its end. */
const recentMax = 64;
/** More messages than this from a future view, and a member that hears only of the future starts again. */
const futureMax = 100_000;

export type ViewMessage = MessageOf<
  'flush' | 'synced' | 'estimate' | 'propose' | 'accept' | 'round' | 'decide' | 'data' | 'stored' | 'relay'
>;

interface Change {
  readonly flushes: Map<MemberId, Flush>;
  readonly since: Now;
  value: Value | null;
}

export class Group {
  protected readonly port: LayerPort;
  protected readonly mode: GroupMode;
  protected readonly user: GroupUser;
  private readonly policy: MembershipPolicy;
  readonly detector: Detector;
  view: View | null = null;
  /** Has the whole state: since bootstrap, or since its transfer ended. */
  synced = false;
  /** Leaving a view: nothing of it is stored, acknowledged or delivered any more. */
  frozen = false;
  protected stream: Stream;
  private change: Change | null = null;
  private readonly joins = new Map<MemberId, Now>();
  private readonly syncedKnown = new Set<MemberId>();
  private future: { from: MemberId; message: ViewMessage }[] = [];
  private transfer: Transfer | null = null;
  private buffered: Delivery[] = [];
  private applied: Position = [0, 0];
  private waitingForState: { from: MemberId; joinView: number; attempt: number }[] = [];
  private replacementAskedAt: Now = -Infinity;
  // agreements of this view
  private k = 1;
  private agreement: Consensus | null = null;
  private ahead: { from: MemberId; message: ConsensusMessage }[] = [];
  private count = 0;
  /** The agreement that ended the last view. */
  private decision: Decision | null = null;
  /** TOCAST: the last batches of this view, by number of their agreement. */
  private readonly recent = new Map<number, readonly Request[]>();
  /** Requests to be ordered, by key; `own`: a client asked this member. */
  private readonly pending = new Map<string, { request: Request; own: boolean }>();

  constructor(port: LayerPort, mode: GroupMode, user: GroupUser, policy: MembershipPolicy = peers) {
    this.port = port;
    this.mode = mode;
    this.user = user;
    this.policy = policy;
    this.detector = new Detector(port.timing);
    this.stream = new Stream(port.me, []);
  }

  get me(): MemberId {
    return this.port.me;
  }

  /** The first member: of all with state, the one that came first. */
  get first(): MemberId | null {
    return this.view?.members[0] ?? null;
  }

  get isFirst(): boolean {
    return this.first === this.me;
  }

  start(mode: 'bootstrap' | 'join'): void {
    if (mode === 'bootstrap') {
      this.synced = !this.policy.isWitness(this.me);
      this.install(this.policy.first(this.port.slots.map((slot) => memberId(slot, 0))));
    } else this.knock();
  }

  /** VSCAST: sends to the view in the one stream that its first member owns. False: not now, not by me. */
  multicast(payload: Json): boolean {
    if (this.view === null || this.frozen || !this.isFirst || !this.synced) return false;
    const data: Message = { kind: 'data', v: this.view.id, seq: this.stream.next(), payload };
    this.toAll(data);
    return true;
  }

  /** TOCAST: has the request ordered, unless it is about to be already. */
  order(request: Request): void {
    const key = requestKey(request);
    if (this.pending.get(key)?.own === true) return;
    this.pending.set(key, { request, own: true });
    if (this.view === null) return;
    this.toOthers({ kind: 'relay', v: this.view.id, request });
    this.tryOrder();
  }

  /** VSCAST: lets the others of the view have a request. */
  relay(request: Request): void {
    if (this.view !== null) this.toOthers({ kind: 'relay', v: this.view.id, request });
  }

  receive(from: MemberId, message: Message): void {
    // What replicas of a unit say to each other is their own business.
    if (isUnitMessage(message) || isConnectionFrame(message)) return;
    if (this.refuses(from)) return;
    switch (message.kind) {
      case 'join':
        return this.onJoin(message.id);
      case 'welcome':
        return this.onWelcome(message.view, message.decision);
      case 'excluded':
        if (message.id === this.me) this.leave();
        return;
      case 'state-request':
        return this.onStateRequest({ from, joinView: message.joinView, attempt: message.attempt });
      case 'state-chunk':
        return this.transfer?.chunk(from, message);
      case 'flush':
      case 'synced':
      case 'estimate':
      case 'propose':
      case 'accept':
      case 'round':
      case 'decide':
      case 'data':
      case 'stored':
      case 'relay':
        return this.receiveInView(from, message);
      default:
      // What replicas of a unit say to each other is their own business.
    }
  }

  heard(from: MemberId, confirmed: Now | null): void {
    if (this.refuses(from)) return;
    if (confirmed === null || !this.detector.heard(from, confirmed, this.port.now())) return;
    this.port.trace('trust', { peer: from });
    this.afterSuspicion();
  }

  /** The old one is dead, no time-out needed. */
  replaced(old: MemberId): void {
    if (!this.detector.condemn(old, 'dead')) return;
    this.port.trace('suspect', { peer: old });
    this.afterSuspicion();
  }

  tick(late: boolean): void {
    const now = this.port.now();
    const news = this.detector.tick(now, late);
    if (this.change !== null) {
      for (const id of this.view?.members ?? []) {
        const patience = flushTimeouts * this.detector.timeoutMs(id);
        const silent = id !== this.me && !this.change.flushes.has(id) && now - this.change.since > patience;
        if (silent && !late && !this.detector.suspects(id) && this.detector.condemn(id, 'stuck'))
          news.push(id);
      }
    }
    for (const peer of news) {
      this.port.trace('suspect', { peer });
      this.transfer?.lost(peer);
    }
    if (news.length > 0) this.afterSuspicion();
    if (this.isFirst && now - this.replacementAskedAt > replacementEveryMs) this.askForReplacements();
  }

  timer(name: string): void {
    if (name === 'knock' && this.view === null) this.knock();
    else if (name.startsWith('transfer:')) this.transfer?.timer(Number(name.slice('transfer:'.length)));
  }

  // ---- membership

  protected knock(): void {
    for (const slot of this.port.slots)
      if (slot !== slotOf(this.me)) this.port.offer(slot, { kind: 'join', id: this.me });
    this.port.setTimer('knock', this.port.timing.joinMs);
  }

  private onJoin(id: MemberId): void {
    if (this.view === null) return;
    if (this.view.members.includes(id))
      return this.port.send(id, { kind: 'welcome', view: this.view, decision: this.decision });
    this.joins.set(id, this.port.now());
    this.maybeChange();
    this.gather();
  }

  /**
   * A joiner has the decision too: all who knew it may be dead, and a survivor that missed it cannot agree on it again with
   * a majority of its old view gone.
   */
  private onWelcome(view: View, decision: Decision | null): void {
    if (this.view !== null || !view.members.includes(this.me)) return;
    this.decision = decision;
    this.install(view);
    if (decision !== null) this.toOthers({ kind: 'decide', ...decision });
  }

  /** A member that was removed says something: it is told, whatever it says. True if so. */
  refuses(from: MemberId): boolean {
    if (this.view === null || !isGone(this.view, from)) return false;
    this.tellExcluded(from);
    return true;
  }

  private tellExcluded(id: MemberId): void {
    this.port.offer(slotOf(id), { kind: 'excluded', id });
  }

  protected leave(): void {
    this.port.trace('excluded', {});
    this.port.exit('excluded');
  }

  private liveJoins(): MemberId[] {
    const now = this.port.now();
    for (const [id, at] of this.joins) if (now - at > joinLivesMs) this.joins.delete(id);
    return [...this.joins.keys()].sort(compareMembers);
  }

  private isSynced(id: MemberId): boolean {
    if (id === this.me) return this.synced;
    return this.syncedKnown.has(id) || this.view?.fresh.includes(id) === false;
  }

  private afterSuspicion(): void {
    this.agreement?.check();
    this.maybeChange();
    this.gather();
  }

  /** Begins to leave the view if somebody is suspected, or somebody knocks who would be let in. */
  private maybeChange(): void {
    const { view } = this;
    if (view === null || this.change !== null) return;
    const trusted = view.members.filter((id) => id === this.me || !this.detector.suspects(id));
    if (trusted.length === view.members.length) {
      const candidate = this.policy.next(
        view,
        new Map(trusted.map((id) => [id, { synced: this.isSynced(id), heir: true }])),
        this.liveJoins(),
      );
      if (candidate === null || candidate.members.every((id) => view.members.includes(id))) return;
    }
    this.startChange();
  }

  private startChange(): void {
    const { view } = this;
    if (view === null || this.change !== null) return;
    this.change = { flushes: new Map(), since: this.port.now(), value: null };
    if (this.mode === 'stream') this.frozen = true;
    this.port.trace('change', { view: view.id });
    this.sendFlush(view);
  }

  /** What the flush of the change under way said of this member has changed. */
  flushAgain(): void {
    if (this.view !== null && this.change !== null) this.sendFlush(this.view);
  }

  private sendFlush(view: View): void {
    this.toAll({
      kind: 'flush',
      v: view.id,
      synced: this.synced,
      heir: this.user.isHeir?.() ?? true,
      stable: this.mode === 'order' ? this.k - 1 : this.stream.stable,
      messages: this.stream.unstable(),
      joins: this.liveJoins(),
    });
  }

  private onFlush(from: MemberId, flush: Flush): void {
    // The first flush of a view doubles as the request for one.
    this.startChange();
    this.change?.flushes.set(from, flush);
    this.detector.unstuck(from);
    if (flush.synced) this.syncedKnown.add(from);
    for (const id of flush.joins) this.joins.set(id, this.port.now());
    this.gather();
  }

  /** Proposes the next view once a majority has flushed and whoever has not is suspected. Only those who answered go into it. */
  protected gather(): void {
    const { view, change } = this;
    if (view === null || change === null || change.value !== null) return;
    if (change.flushes.size < majority(view.members.length)) return;
    if (!view.members.every((id) => change.flushes.has(id) || this.detector.suspects(id))) return;
    const responders = new Map(
      [...change.flushes].map(([id, { heir }]) => [id, { synced: this.isSynced(id), heir }]),
    );
    const next = this.policy.next(view, responders, this.liveJoins());
    if (next === null) return;
    if (this.mode === 'order') {
      change.value = { next, cut: 0, messages: [], batch: [] };
      this.tryOrder();
    } else {
      change.value = { next, ...cutOf([...change.flushes.values()]), batch: [] };
      this.agreementNow().propose(change.value);
    }
  }

  private install(view: View): void {
    const before = this.view?.members ?? [];
    this.view = view;
    const graceMs = before.length === 0 && this.synced ? bootstrapGraceMs : 2 * this.port.timing.suspectMs;
    this.detector.watch(
      view.members.filter((id) => id !== this.me),
      this.port.now(),
      graceMs,
    );
    for (const id of view.members) if (id !== this.me) this.port.expect(id);
    for (const id of this.joins.keys())
      if (view.members.includes(id) || isGone(view, id)) this.joins.delete(id);
    this.stream = new Stream(this.me, view.members);
    this.change = null;
    this.frozen = false;
    this.k = 1;
    this.agreement = null;
    this.ahead = [];
    this.recent.clear();
    this.count = 0;
    const witnesses = view.members.filter((id) => this.policy.isWitness(id));
    this.port.trace('view', {
      view: view.id,
      members: view.members,
      fresh: view.fresh,
      ...(witnesses.length === 0 ? {} : { witnesses }),
      primary: view.members[0] ?? null,
    });
    if (this.synced) {
      // A donor may have been ahead of this member: what its snapshot holds is not to be delivered again.
      if (isAfter([view.id, 0], this.applied)) this.applied = [view.id, 0];
      if (view.fresh.includes(this.me)) this.toOthers({ kind: 'synced', v: view.id });
    } else if (this.mode === 'views') {
      // The user brings the state over by itself.
    } else if (this.transfer === null) this.startTransfer(view.id);
    else if (this.transfer.donor !== null && !view.members.includes(this.transfer.donor))
      this.transfer.lost(this.transfer.donor);
    this.user.installed();
    this.serveStateRequests();
    // All of them, not only my clients' own: who asked for a request first may be gone, and the coordinator may never have had it.
    for (const { request } of this.pending.values()) this.toOthers({ kind: 'relay', v: view.id, request });
    if (this.isFirst) this.askForReplacements();
    const waiting = this.future;
    this.future = [];
    for (const { from, message } of waiting) this.receive(from, message);
    this.maybeChange();
    this.tryOrder();
  }

  private askForReplacements(): void {
    const { view } = this;
    if (view === null || !this.synced) return;
    this.replacementAskedAt = this.port.now();
    for (const slot of this.port.slots) {
      if (!view.members.some((id) => slotOf(id) === slot)) this.port.wantReplacement(slot);
    }
  }

  // ---- messages of the view

  protected receiveInView(from: MemberId, message: ViewMessage): void {
    const { view } = this;
    if (view === null || message.v > view.id) {
      if (this.future.length >= futureMax) return this.leave();
      this.future.push({ from, message });
      return;
    }
    // Links are reliable: whoever sent this in an old view will get its decision. Votes of other incarnations never count; a decision
    // is no vote, and a joiner of the next view may be the last to know it.
    if (message.v < view.id || !(view.members.includes(from) || message.kind === 'decide')) return;
    switch (message.kind) {
      case 'flush':
        return this.onFlush(from, message);
      case 'synced':
        this.syncedKnown.add(from);
        this.maybeChange();
        return this.gather();
      case 'data':
        return this.onData(from, message);
      case 'stored':
        if (this.frozen) return;
        this.stream.stored(from, message.upTo);
        return this.advance();
      case 'relay':
        return this.onRelay(message.request);
      case 'estimate':
      case 'propose':
      case 'accept':
      case 'round':
      case 'decide':
        return this.onAgreement(from, message);
    }
  }

  protected onData(from: MemberId, message: MessageOf<'data'>): void {
    // After my flush nothing of this view is stored: what a majority stored must be in every majority's flush.
    if (this.frozen || from !== this.first || this.view === null) return;
    const upTo = this.stream.store(message.seq, message.payload);
    this.toOthers({ kind: 'stored', v: this.view.id, upTo });
    this.advance();
  }

  protected advance(): void {
    const { view } = this;
    if (view === null) return;
    while (this.view === view && !this.frozen) {
      const next = this.stream.deliverable();
      if (next === null) break;
      this.deliver([view.id, next.seq], next.payload);
    }
    if (this.view === view && this.stream.collect()) this.user.stable(this.stream.stable);
  }

  /** Hands a message to the user; a joiner keeps it until it has the state that it applies to. */
  private deliver(position: Position, payload: Json): void {
    this.port.trace('deliver', { view: position[0], n: position[1], request: this.user.requestOf(payload) });
    if (!this.synced) this.buffered.push({ position, payload });
    else if (isAfter(position, this.applied)) {
      this.applied = position;
      this.user.deliver(position, payload);
    }
  }

  private onRelay(request: Request): void {
    if (this.mode === 'stream') return this.relayed(request);
    this.remind(request);
    this.tryOrder();
  }

  /** VSCAST: another member had this request from a client. */
  relayed: (request: Request) => void = () => undefined;

  // ---- agreement

  private agreementNow(): Consensus {
    const { view, k } = this;
    if (view === null) throw new Error('an agreement needs a view');
    this.agreement ??= new Consensus({
      v: view.id,
      k,
      me: this.me,
      members: view.members,
      port: {
        send: (to, message) => this.port.send(to, message),
        suspects: (id) => this.detector.suspects(id),
        needValue: () => (this.mode === 'order' ? this.proposeBatch() : this.startChange()),
        decided: (value) => this.decided(value),
      },
    });
    return this.agreement;
  }

  protected onAgreement(from: MemberId, message: ConsensusMessage): void {
    if (message.k > this.k) {
      if (message.kind === 'decide') this.catchUp(message.value);
      if (message.k > this.k) this.ahead.push({ from, message });
    }
    // Below: decided here, and my relay of the decision is on its way to everybody.
    if (message.k !== this.k) return;
    // The coordinator proposes what it has itself: what others have too must not be left to chance.
    if (message.kind === 'estimate') for (const request of message.value.batch) this.remind(request);
    this.agreementNow().receive(from, message);
  }

  /** Another member wants this ordered. */
  private remind(request: Request): void {
    const key = requestKey(request);
    if (!this.pending.has(key)) this.pending.set(key, { request, own: false });
  }

  /** The end of a view brings the batches that led to it: whoever decided them may be gone. */
  private catchUp(value: Value): void {
    const { view } = this;
    const batches = new Map(value.messages);
    while (value.next !== null && this.view === view && batches.has(this.k)) {
      this.decided({ next: null, cut: 0, messages: [], batch: batches.get(this.k) as unknown as Request[] });
    }
  }

  private tryOrder(): void {
    if (this.mode !== 'order' || this.view === null) return;
    if (this.pending.size > 0 || (this.change?.value ?? null) !== null) this.proposeBatch();
  }

  private proposeBatch(): void {
    const agreement = this.agreementNow();
    if (agreement.hasEstimate) return;
    const batch: Request[] = [];
    for (const { request } of this.pending.values()) if (batch.push(request) >= batchMax) break;
    const next = this.change?.value?.next ?? null;
    agreement.propose({ next, cut: 0, messages: next === null ? [] : this.batchesOthersMayLack(), batch });
  }

  private batchesOthersMayLack(): Value['messages'] {
    const known = Math.min(...[...(this.change?.flushes.values() ?? [])].map((flush) => flush.stable));
    return [...this.recent].filter(([k]) => k > known);
  }

  private decided(value: Value): void {
    const { view } = this;
    if (view === null) return;
    if (value.next !== null) this.decision = { v: view.id, k: this.k, value };
    if (this.mode !== 'order') return this.finishView(value);
    for (const request of value.batch) {
      this.pending.delete(requestKey(request));
      this.deliver([view.id, ++this.count], request);
    }
    if (value.next !== null) return this.finishView(value);
    this.recent.set(this.k, value.batch);
    this.recent.delete(this.k - recentMax);
    this.k++;
    this.agreement = null;
    const ready = this.ahead.filter(({ message }) => message.k === this.k);
    this.ahead = this.ahead.filter(({ message }) => message.k > this.k);
    for (const { from, message } of ready) this.receive(from, message);
    this.tryOrder();
  }

  /** The agreed end of the view: the same last message for all who go on, then the next view. */
  private finishView(value: Value): void {
    const { view } = this;
    const { next } = value;
    if (view === null || next === null) return;
    if (!next.members.includes(this.me)) return this.leave();
    this.frozen = true;
    if (this.mode === 'views') return this.goOn(view, next);
    if (this.mode === 'stream') for (const [seq, payload] of value.messages) this.stream.store(seq, payload);
    for (
      let last = this.stream.deliverableUpTo(value.cut);
      last !== null;
      last = this.stream.deliverableUpTo(value.cut)
    ) {
      this.deliver([view.id, last.seq], last.payload);
    }
    this.port.trace('view-end', {
      view: view.id,
      delivered: this.mode === 'stream' ? this.stream.delivered : this.count,
    });
    this.goOn(view, next);
  }

  private goOn(view: View, next: View): void {
    for (const id of next.members) {
      if (!view.members.includes(id)) {
        this.port.expect(id);
        this.port.send(id, { kind: 'welcome', view: next, decision: this.decision });
      }
    }
    this.install(next);
  }

  // ---- state transfer

  private startTransfer(joinView: number): void {
    this.transfer = new Transfer(joinView, this.port.timing.transferMs, {
      donors: () => this.donors(),
      send: (to, message) => {
        this.port.trace('state-transfer', { phase: 'asked', peer: to });
        this.port.send(to, message);
      },
      setTimer: (name, afterMs) => this.port.setTimer(name, afterMs),
      received: (chunks, position) => this.adopt(chunks, position),
    });
    this.transfer.ask();
  }

  /** Last members first, so that the first, which has most to do, is asked last. */
  private donors(): MemberId[] {
    const { view } = this;
    if (view === null) return [];
    return view.members
      .filter((id) => id !== this.me && this.isSynced(id) && !this.detector.suspects(id))
      .reverse();
  }

  /** The user has got the whole state (mode `views`). */
  hasState(): void {
    if (this.view === null || this.synced) return;
    this.synced = true;
    this.port.trace('synced', { view: this.view.id });
    this.toOthers({ kind: 'synced', v: this.view.id });
    this.maybeChange();
    this.gather();
  }

  private adopt(chunks: readonly Json[], position: Position): void {
    if (this.view === null) return;
    this.user.adopt(chunks);
    this.applied = position;
    this.synced = true;
    const donor = this.transfer?.donor ?? null;
    this.transfer = null;
    this.port.trace('state-transfer', { phase: 'received', peer: donor });
    const later = this.buffered.filter((delivery) => isAfter(delivery.position, position));
    this.buffered = [];
    for (const delivery of later) {
      this.applied = delivery.position;
      this.user.deliver(delivery.position, delivery.payload);
    }
    this.port.trace('synced', { view: this.view.id });
    this.toOthers({ kind: 'synced', v: this.view.id });
    this.user.becameSynced();
    this.serveStateRequests();
    this.maybeChange();
    this.gather();
  }

  private onStateRequest(request: { from: MemberId; joinView: number; attempt: number }): void {
    this.waitingForState = this.waitingForState.filter(({ from }) => from !== request.from);
    this.waitingForState.push(request);
    this.serveStateRequests();
  }

  /** A snapshot from before the join would leave a gap: it waits until the joiner's view is here. */
  private serveStateRequests(): void {
    const { view } = this;
    if (view === null || !this.synced) return;
    const ready = this.waitingForState.filter(({ joinView }) => joinView <= view.id);
    this.waitingForState = this.waitingForState.filter(({ joinView }) => joinView > view.id);
    for (const { from, attempt } of ready) {
      const chunks = this.user.snapshot();
      this.port.trace('state-transfer', { phase: 'sent', peer: from });
      chunks.forEach((chunk, index) => {
        this.port.send(from, {
          kind: 'state-chunk',
          attempt,
          index,
          count: chunks.length,
          chunk,
          position: this.applied,
        });
      });
    }
  }

  private toOthers(message: Message): void {
    for (const id of this.view?.members ?? []) if (id !== this.me) this.port.send(id, message);
  }

  private toAll(message: Message): void {
    this.toOthers(message);
    this.port.send(this.me, message);
  }
}
