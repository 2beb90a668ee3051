import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

/** Addresses that a machine assigns to itself where no network assigns one (RFC 3927, RFC 4291). */
const SELF_ASSIGNED = /^(?:169\.254\.|fe[89ab][0-9a-f]:)/i;

/**
 * Whether this machine is in any network: an interface that is up, other than loopback, has a routable address. It does
 * not say whether a site can be reached. If the interfaces cannot be read, the state is `up`.
 */
export function networkState(interfaces: () => Interfaces = networkInterfaces): 'up' | 'none' {
  let found: Interfaces;
  try {
    found = interfaces();
  } catch {
    // Some sandboxes refuse the system call.
    return 'up';
  }
  const addresses = Object.values(found).flatMap((of) => of ?? []);
  return addresses.some(({ internal, address }) => !internal && !SELF_ASSIGNED.test(address)) ? 'up' : 'none';
}

type Interfaces = Readonly<
  Record<string, readonly Pick<NetworkInterfaceInfo, 'address' | 'internal'>[] | undefined>
>;
