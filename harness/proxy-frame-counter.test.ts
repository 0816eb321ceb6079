import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeFrame, frameKinds, type FrameKind } from '../core/protocol.ts';
import { emptyTally, FrameCounter } from './proxy-frame-counter.ts';

const frames = fc.array(fc.record({ kind: fc.constantFrom(...frameKinds), payload: fc.string() }));

function cutInto(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length]!;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

test('counts every frame once and by its kind, however the stream is cut', () =>
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sent, sizes) => {
      const tally = emptyTally();
      const counter = new FrameCounter(tally);
      for (const piece of cutInto(Buffer.concat(sent.map(encodeFrame)), sizes)) counter.push(piece);
      expect(tally.frames).toBe(sent.length);
      const ofKind = (kind: FrameKind): number => sent.filter((frame) => frame.kind === kind).length;
      expect(tally.byKind).toEqual(frameKinds.map(ofKind));
    }),
  ));

test('gives up at bytes that are no frames, and keeps what it counted', () => {
  const tally = emptyTally();
  const counter = new FrameCounter(tally);
  counter.push(encodeFrame({ kind: 'beat', payload: null }));
  counter.push(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
  counter.push(encodeFrame({ kind: 'beat', payload: null }));
  expect(tally.frames).toBe(1);
});
