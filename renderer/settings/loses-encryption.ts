import type { FurtherAddressForm } from './form.ts';

/** Whether the login of a site with TLS would also be sent in the clear. */
export function losesEncryption(siteAddress: string, further: FurtherAddressForm): boolean {
  return further.sendLogin && /^\s*https:/i.test(siteAddress) && /^\s*http:/i.test(further.baseUrl);
}
