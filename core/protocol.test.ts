import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Frame } from './protocol.ts';
import {
  FrameError,
  FrameSplitter,
  crc32c,
  decodeFrame,
  encodeFrame,
  frameHeaderBytes,
  frameKinds,
} from './protocol.ts';

const frame = fc.record({ kind: fc.constantFrom(...frameKinds), payload: fc.jsonValue() });
/** What JSON keeps of a value: -0 becomes 0. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('frames', () => {
  test('CRC32C of the check value of RFC 3720', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
  });

  test('what was encoded is decoded, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 5 }), fc.array(fc.nat(40)), (frames, cuts) => {
        const stream = Buffer.concat(frames.map((f) => encodeFrame(f as Frame)));
        const splitter = new FrameSplitter();
        const decoded: Frame[] = [];
        let at = 0;
        for (const cut of [...cuts, Infinity]) {
          const chunk = Buffer.from(stream.subarray(at, Math.min(stream.length, at + cut)));
          at = Math.min(stream.length, at + cut);
          decoded.push(...splitter.push(chunk).map(decodeFrame));
        }
        expect(decoded).toEqual(asJson(frames));
        expect(splitter.pendingBytes).toBe(0);
      }),
    );
  });

  test('a flipped bit never passes for another frame', () => {
    fc.assert(
      fc.property(frame, fc.nat(), (f, where) => {
        const bytes = encodeFrame(f);
        const bit = where % (bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
        let decoded: Frame[] = [];
        try {
          decoded = new FrameSplitter().push(bytes).map(decodeFrame);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(FrameError);
        }
        // A damaged length may leave the splitter waiting for more; it must not give a frame.
        expect(decoded).toEqual([]);
      }),
    );
  });

  test.each([
    ['a length below the header', Buffer.from([0, 0, 0, 4, 1])],
    ['a length beyond the limit', Buffer.from([0xff, 0xff, 0xff, 0xff, 1])],
    ['an unknown kind', Buffer.from([0, 0, 0, 9, 200])],
  ])('%s is refused at once', (_name, bytes) => {
    expect(() => new FrameSplitter().push(bytes)).toThrow(FrameError);
  });

  test('a payload that is no JSON is refused with its kind', () => {
    const bytes = encodeFrame({ kind: 'ack', payload: 'ab' });
    bytes[frameHeaderBytes] = 0x7b;
    bytes.writeUInt32BE(crc32c(bytes, frameHeaderBytes, crc32c(bytes.subarray(4, 5))), 5);
    expect(() => decodeFrame({ kind: 'ack', bytes })).toThrow(/undecodable ack/);
  });
});
