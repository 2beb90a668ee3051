import type { ChangeCause, EvidenceCause } from '../../shared/cause.ts';
import { causeWords } from '../../shared/cause-words.ts';

/** A failure that the gateway reported: its cause, and its own words, a clause without a full stop. */
export interface GatewayFailure {
  readonly cause: EvidenceCause;
  readonly words: string;
}

/**
 * The gateway's words, where they say more than the cause beside them; else `undefined`.
 * @param siteName the site of the failure
 */
export function furtherWords(
  { words }: GatewayFailure,
  siteName: string,
  besideCause: ChangeCause,
): string | undefined {
  return words === `${siteName} ${causeWords(besideCause)}` ? undefined : words;
}
