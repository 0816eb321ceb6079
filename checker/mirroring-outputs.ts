import type { TraceEvent } from '../core/trace.ts';
import { connections, peerName, type CountingRule, type Rule } from './mirroring-connections.ts';
import { numberOf, textOf } from './trace-facts.ts';
import { certainly, missing, violationList } from './violations.ts';

/** The outputs of a unit to one life of a peer. */
interface Stream {
  /** By number, as it left first. */
  readonly first: Map<number, TraceEvent>;
  /** Up to here they were dropped by somebody. */
  collected: number;
}

/** One content for each number, whoever sends it and how often, and numbers that rise by one [Somersault §3.3.1]. */
export function numberedOutputs(): CountingRule {
  const { all, once } = violationList();
  const counts = { outputs: 0, sentAgain: 0 };
  const streams = connections<Stream>(() => ({ first: new Map(), collected: 0 }));
  const early: { readonly event: TraceEvent; readonly stream: Stream }[] = [];
  const emitted = (event: TraceEvent): void => {
    const stream = streams.of(event);
    const n = numberOf(event['n']);
    const first = stream.first.get(n);
    if (first === undefined) {
      stream.first.set(n, event);
      counts.outputs++;
    } else if (first['digest'] !== event['digest']) {
      once(`content ${first.node} ${event.node} ${peerName(event)}`, () =>
        certainly(
          `one content: output ${n} to ${peerName(event)} has digest ${textOf(first['digest'])} from ${first.node} but ${textOf(event['digest'])} from ${event.node}`,
        ),
      );
    }
    if (event['again'] === true) counts.sentAgain++;
    else if (n > 1 && stream.collected < n - 1 && !stream.first.has(n - 1)) early.push({ event, stream });
  };
  return {
    events: ['emitted', 'collected'],
    counts,
    see: (event) => {
      if (event.event === 'emitted') emitted(event);
      else {
        const stream = streams.of(event);
        stream.collected = Math.max(stream.collected, numberOf(event['upTo']));
      }
    },
    found: () => {
      for (const { event, stream } of early) {
        const n = numberOf(event['n']);
        const before = stream.first.get(n - 1);
        // Of two lines of one time, either may have come first.
        if (before?.time === event.time) continue;
        once(`order ${event.node} ${peerName(event)}`, () =>
          missing(
            `order of outputs: ${event.node} sent output ${n} to ${peerName(event)} when nobody had sent output ${n - 1}`,
          ),
        );
      }
      return all;
    },
  };
}

/** What leaves a unit comes from a replica with state; a witness, or one that is still joining, cannot know it. */
export function senders(): Rule {
  const { all, once } = violationList();
  const silent = new Map<string, string>();
  return {
    events: ['role', 'synced', 'emitted', 'acked'],
    found: () => all,
    see: (event) => {
      const { node } = event;
      switch (event.event) {
        case 'role': {
          const role = textOf(event['role']);
          const name = role.slice(role.lastIndexOf('-') + 1);
          if (name === 'joining' || name === 'witness') silent.set(node, name);
          else silent.delete(node);
          break;
        }
        case 'synced':
          if (silent.get(node) === 'joining') silent.delete(node);
          break;
        case 'emitted':
        case 'acked': {
          const role = silent.get(node);
          if (role === undefined) break;
          const what =
            event.event === 'emitted'
              ? `sent output ${numberOf(event['n'])} to ${peerName(event)}`
              : `acknowledged the messages of ${peerName(event)} up to ${numberOf(event['upTo'])}`;
          const kind = role === 'joining' ? 'replica that was still joining' : 'witness';
          once(`sender ${node}`, () => missing(`sender: ${node} ${what}, as a ${kind}`));
          break;
        }
        default:
      }
    },
  };
}

export function boundedQueues(): CountingRule {
  const { all, once } = violationList();
  const counts = { longestQueue: 0 };
  return {
    events: ['queues'],
    counts,
    found: () => all,
    see: (event) => {
      const [longest, bound] = [numberOf(event['longest']), numberOf(event['bound'])];
      counts.longestQueue = Math.max(counts.longestQueue, longest);
      if (longest <= bound) return;
      once(`queue ${event.node}`, () =>
        certainly(
          `queues: a re-send queue of ${event.node} held ${longest} outputs, with a bound of ${bound}`,
        ),
      );
    },
  };
}
