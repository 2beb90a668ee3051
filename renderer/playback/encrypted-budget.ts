import { isOverMediaBudgetInSteps } from '../../shared/media/media-budget.ts';
import { decryptWith, webCrypto } from './media-decryption.ts';
import { inTurns } from './next-turn.ts';

/** As hls.js has read and loaded it; the key is there before the media is. */
export interface LoadedKey {
  readonly key: Uint8Array | null;
  readonly iv: Uint8Array<ArrayBuffer> | null;
}

/**
 * Whether media under AES-128 is more work to read than media ever is. What cannot be decrypted here is not: hls.js says so itself.
 * @param bytes stay as they are
 */
export async function isOverBudgetUnderKey(
  bytes: Uint8Array,
  { key, iv }: LoadedKey,
  subtle: SubtleCrypto | null = webCrypto(),
): Promise<boolean> {
  if (subtle === null || key === null || iv === null) return false;
  const plain = await decryptWith(subtle, bytes, key, iv);
  return plain !== null && (await inTurns(isOverMediaBudgetInSteps(plain)));
}
