import type { FurtherAddressForm } from './form.ts';

/** Whether the login of a site that is asked over TLS would be sent in the clear as well. */
export function losesEncryption(siteAddress: string, further: FurtherAddressForm): boolean {
  return further.sendLogin && /^\s*https:/i.test(siteAddress) && /^\s*http:/i.test(further.baseUrl);
}
