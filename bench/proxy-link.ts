import { slotNamed } from '../core/ids.ts';
import type * as clockModule from '../harness/clock.ts';
import type * as frameLog from '../harness/frame-log.ts';
import type * as proxyDirection from '../harness/proxy-direction.ts';
import type * as linkProxy from '../harness/link-proxy.ts';
import { built } from './built.ts';

const { monotonicNs, nanosSince, quickNanos } = await built<typeof clockModule>('harness/clock');
const { FrameLog } = await built<typeof frameLog>('harness/frame-log');
const { LinkProxy } = await built<typeof linkProxy>('harness/link-proxy');
const { ProxyDirection } = await built<typeof proxyDirection>('harness/proxy-direction');

/** A link proxy before a port, set up as ProxyNetwork does it, each of its directions delayed by so much. */
export function openLink(port: number, delayMs = 0): Promise<linkProxy.LinkProxy> {
  const slot = slotNamed('n1');
  const noChance = (): number => 0.5;
  const startedAt = monotonicNs();
  const frames = new FrameLog(quickNanos(() => nanosSince(startedAt)));
  const forward = new ProxyDirection('clients', slot, noChance, frames);
  const backward = new ProxyDirection(slot, 'clients', noChance, frames);
  if (delayMs > 0) for (const direction of [forward, backward]) direction.delay({ delayMs, jitterMs: 0 });
  return LinkProxy.listen({
    near: 'clients',
    far: slot,
    forward,
    backward,
    upstream: () => ({ host: '127.0.0.1', port }),
    swallowed: () => {},
    failed: (error) => {
      throw error;
    },
  });
}
