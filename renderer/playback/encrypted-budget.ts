import { isOverMediaBudgetInSteps } from '../../shared/media/media-budget.ts';
import { decryptWith, webCrypto } from './media-decryption.ts';
import { inTurns } from './next-turn.ts';

/** The key as hls.js has read and loaded it. hls.js loads it before the media. */
export interface LoadedKey {
  readonly key: Uint8Array | null;
  readonly iv: Uint8Array<ArrayBuffer> | null;
}

/**
 * Whether media under AES-128 takes more work to read than real media ever does. Media that cannot be decrypted here does not
 * count: hls.js reports that itself.
 * @param bytes are not changed
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
