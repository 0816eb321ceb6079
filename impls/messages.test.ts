import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FrameError, frameKinds } from '../core/protocol.ts';
import type { Json } from '../core/json.ts';
import { decodeMessage, encodeMessage } from './messages.ts';

test('any payload is either a message or a FrameError, never anything else', () => {
  const payload = fc.oneof(
    fc.jsonValue(),
    fc.tuple(fc.nat(), fc.jsonValue()),
    fc.tuple(fc.nat(), fc.object()),
  );
  fc.assert(
    fc.property(fc.constantFrom(...frameKinds), payload, (kind, body) => {
      try {
        decodeMessage({ kind, payload: JSON.parse(JSON.stringify(body)) as Json });
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(FrameError);
      }
    }),
    { numRuns: 2000 },
  );
});

test('a message comes back as it was sent', () => {
  const message = { kind: 'accept', v: 3, k: 1, r: 2 } as const;
  expect(decodeMessage(encodeMessage(message, 17))).toEqual({ type: 'message', seq: 17, message });
  const beat = { kind: 'beat', last: 1, ack: 2, at: 3.5, echo: null } as const;
  expect(decodeMessage(encodeMessage(beat))).toEqual({ type: 'link', frame: beat });
});

test('a message between members without a number is refused', () => {
  expect(() => decodeMessage({ kind: 'accept', payload: { v: 1, k: 1, r: 1 } })).toThrow(FrameError);
});
