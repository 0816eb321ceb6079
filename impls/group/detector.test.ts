import { expect, test } from '@jest/globals';
import { memberId, slotNamed } from '../../core/ids.ts';
import { defaultTiming } from '../../core/machine.ts';
import { Detector } from './detector.ts';

const peer = memberId(slotNamed('n2'), 0);
const { beatMs, suspectMs, suspectMsMax } = defaultTiming;

/** A peer that beats all the time, each of its echoes `roundTripMs` old. */
function listen(detector: Detector, fromMs: number, toMs: number, roundTripMs: number): void {
  for (let now = fromMs; now < toMs; now += beatMs) {
    detector.heard(peer, now - roundTripMs, now);
    detector.tick(now, false);
  }
}

test('who falls silent is suspected after the time-out, and no sooner', () => {
  const detector = new Detector(defaultTiming);
  detector.watch([peer], 0, 0);
  listen(detector, 0, 1000, 5);
  detector.tick(1000 + suspectMs - 2 * beatMs, false);
  expect(detector.suspects(peer)).toBe(false);
  detector.tick(1000 + suspectMs + beatMs, false);
  expect(detector.suspects(peer)).toBe(true);
});

test('a steady way there and back that is longer than the first time-out is learnt', () => {
  const detector = new Detector(defaultTiming);
  detector.watch([peer], 0, 0);
  listen(detector, 0, 5000, suspectMs + 100);
  expect(detector.suspects(peer)).toBe(false);
  // and its successor in the slot is not suspected for the same reason again
  const successor = memberId(slotNamed('n2'), 1);
  detector.watch([successor], 5000, 0);
  expect(detector.timeoutMs(successor)).toBeGreaterThan(suspectMs + 100);
});

test('old beats that a healed link brings at once lengthen the time-out once', () => {
  const detector = new Detector(defaultTiming);
  detector.watch([peer], 0, 0);
  listen(detector, 0, 1000, 5);
  detector.tick(3000, false);
  for (let sent = 1000; sent < 2500; sent += beatMs) detector.heard(peer, sent, 3000);
  expect(detector.timeoutMs(peer)).toBeLessThan(suspectMsMax / 2);
  expect(detector.suspects(peer)).toBe(true);
});

test('silence that a stop of my own explains proves nothing', () => {
  const detector = new Detector(defaultTiming);
  detector.watch([peer], 0, 0);
  detector.tick(5000, true);
  detector.tick(5000 + beatMs, false);
  expect(detector.suspects(peer)).toBe(false);
});
