import type { BridgeTransport } from '../../shared/bridge.ts';
import { openHttpBridge } from './http-bridge.ts';

/** The bridge to the host: the preload script's, or HTTP to a host on this computer; `null` outside of Holdfast. */
export function hostTransport(page: Window): BridgeTransport | null {
  if (page.holdfast !== undefined) return page.holdfast;
  const { protocol, hostname } = page.location;
  return protocol === 'https:' && hostname.endsWith('.localhost') ? openHttpBridge(page) : null;
}
