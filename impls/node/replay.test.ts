import { expect, test } from '@jest/globals';
import type { Effect, Machine, MachineEvent } from '../../core/machine.ts';
import { FrameError } from '../../core/protocol.ts';
import { hashEffects, replayEvents, type EventLine } from './replay.ts';

/** Sums what it is told, `step` at a time. */
function adder(step: number): Machine {
  let sum = 0;
  return {
    step(event: MachineEvent): readonly Effect[] {
      if (event.type === 'frame' && event.frame.payload === 'nonsense') throw new FrameError('not a number');
      sum += step;
      return [{ type: 'trace', event: 'sum', fields: { sum, now: event.now } }];
    },
  };
}

function logged(machine: Machine, events: readonly MachineEvent[]): EventLine[] {
  const lines = events.flatMap((event): EventLine[] => {
    try {
      return [{ event }, { effects: hashEffects(machine.step(event)) }];
    } catch (thrown) {
      return [{ event }, { refused: (thrown as Error).message }];
    }
  });
  return lines.map((line) => JSON.parse(JSON.stringify(line)) as EventLine);
}

const events: readonly MachineEvent[] = [
  { type: 'start', now: 0.1 },
  { type: 'frame', now: 1 / 3, connection: -1, frame: { kind: 'data', payload: 'nonsense' } },
  { type: 'timer', now: 17.123456789, name: 'beat' },
];

test('the same machine has the same effects again', () => {
  expect(replayEvents(adder(1), logged(adder(1), events))).toEqual({ equal: true, events: 3 });
});

test('another machine is told by the first line that differs', () => {
  expect(replayEvents(adder(2), logged(adder(1), events))).toMatchObject({ equal: false, line: 2 });
});

test('an event without an outcome is where the process died', () => {
  expect(replayEvents(adder(1), logged(adder(1), events).slice(0, -1))).toEqual({ equal: true, events: 2 });
});
