/**
 * A node's inputs, logged so that they can be played again: the same machine, given the same events, must have the same effects. Line by
 * line `{"event": ...}`, then `{"effects": hash}` or, for a frame that the machine refused, `{"refused": reason}`. The first line is
 * `{"config": ..., "seed": ...}`: what to build the machine from.
 */
import type { Effect, Machine, MachineEvent, ReplicaConfig } from '../../core/machine.ts';
import { crc32c, FrameError } from '../../core/protocol.ts';

/** One line of an event log. */
export type EventLine =
  | { readonly config: ReplicaConfig; readonly seed: number }
  | { readonly event: MachineEvent }
  | { readonly effects: string }
  | { readonly refused: string };

/** Stands for the effects in the log: their number and a check sum of their JSON. */
export function hashEffects(effects: readonly Effect[]): string {
  return `${effects.length}-${crc32c(Buffer.from(JSON.stringify(effects)))
    .toString(16)
    .padStart(8, '0')}`;
}

/** What a replay came to: every event gave the effects that it had, or the first line where it did not. */
export type ReplayOutcome =
  | { readonly equal: true; readonly events: number }
  | { readonly equal: false; readonly line: number; readonly logged: string; readonly replayed: string };

/** Plays a log's events through a fresh machine. A last event without an outcome is where the process died: nothing to compare. */
export function replayEvents(machine: Machine, lines: readonly EventLine[]): ReplayOutcome {
  let events = 0;
  for (const [i, line] of lines.entries()) {
    const outcome = lines[i + 1];
    if (!('event' in line) || outcome === undefined) continue;
    const logged = outcomeText(outcome);
    const replayed = step(machine, line.event);
    if (logged !== replayed) return { equal: false, line: i + 2, logged, replayed };
    events++;
  }
  return { equal: true, events };
}

function outcomeText(line: EventLine): string {
  if ('effects' in line) return line.effects;
  return 'refused' in line ? `refused: ${line.refused}` : 'no outcome';
}

function step(machine: Machine, event: MachineEvent): string {
  try {
    return hashEffects(machine.step(event));
  } catch (thrown) {
    if (thrown instanceof FrameError) return `refused: ${thrown.message}`;
    throw thrown;
  }
}
