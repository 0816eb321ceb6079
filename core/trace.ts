import type { Json } from './json.ts';
import type { Nanos } from './units.ts';

/**
 * One line of `trace.jsonl`: what a node, a proxy or the harness did. `node` is a member id (`n1.0`) for what a node says of itself and for
 * what the harness does to it, otherwise `harness`. Further fields by event are listed in docs/PROTOCOL.md. Lines of one node stand in
 * their order; lines of different nodes are ordered by `time` alone.
 */
export interface TraceEvent {
  readonly time: Nanos;
  readonly node: string;
  readonly event: string;
  readonly [field: string]: Json | undefined;
}

/*
 * Events that checkers rely on, with their fields.
 *
 * From nodes:
 *   start {mode}                              the core took its first step
 *   suspect {peer} / trust {peer}             the failure detector changed its mind
 *   change {view}                             the member began to flush for a successor of this view
 *   view {view, members, fresh, primary}      installed; members and fresh are member ids
 *   view-end {view, delivered}                about to leave this view, having delivered this many messages in it
 *   role {role, view}                         primary | backup | replica | joining | server
 *   deliver {view, n, request}                ordered message number n of the view
 *   executed {request, view, n}               the application's state took the request's effect
 *   cached {request}                          a duplicate was answered from the reply cache
 *   state-transfer {phase, peer}              phase: asked | sent | received
 *   synced {view}                             has the whole state
 *   want-replacement {slot}                   the group asks for a new process in this slot
 *   excluded {}                               learnt that it was excluded; the process ends
 *   connection-closed {peer, reason}          a peer's bytes made no frame, or a frame made no message
 *   lag {maxMs}                               event-loop lag of this node since the last such line
 *
 * From the harness:
 *   phase {phase}                             warm-up | faults | settle | final-reads | stop | end
 *   node-start {pid, mode} / node-ready {port} / node-exit {code, signal, expected}
 *   fault-begin {id, fault, class, target}    before the fault is injected
 *   fault-effect {id, targets, impaired}      it is in force; impaired: slots out of reach of the largest connected rest
 *   fault-heal {id} / fault-end {id, evidence, effect}    before and after healing; evidence: [{counter, before, after}];
 *                                             without a fault-effect in between: nobody to do it to, `reason` says so
 *   lag {maxMs}
 *   resources {processes}                     by member id: {cpuMs, rssBytes, rssMaxBytes} since its start; where there is /proc
 *   traffic {phase, links}                    when the phase began, by direction: {frames, bytes} since the launch
 *   unstarted {count}                         open loop: operations that were due and had not begun when the load stopped
 *   replacement-withheld {slot} / replacement-allowed {slot} / interrupted {signal}
 */
