import { slotNamed } from '../core/ids.ts';
import type * as proxyDirection from '../harness/proxy-direction.ts';
import type * as linkProxy from '../harness/link-proxy.ts';
import { built } from './built.ts';

const { LinkProxy } = await built<typeof linkProxy>('harness/link-proxy');
const { ProxyDirection } = await built<typeof proxyDirection>('harness/proxy-direction');

/** A link proxy before a port, set up as ProxyNetwork does it, its directions neither held nor delayed. */
export function openLink(port: number): Promise<linkProxy.LinkProxy> {
  const slot = slotNamed('n1');
  const noChance = (): number => 0.5;
  return LinkProxy.listen({
    near: 'clients',
    far: slot,
    forward: new ProxyDirection('clients', slot, noChance),
    backward: new ProxyDirection(slot, 'clients', noChance),
    upstream: () => ({ host: '127.0.0.1', port }),
    swallowed: () => {},
    failed: (error) => {
      throw error;
    },
  });
}
