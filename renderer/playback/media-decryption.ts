import type { Encryption } from '../../shared/playlist/playlist.ts';

/** AES-128 (RFC 8216 section 4.3.2.4). */
export const KEY_BYTES = 16;
const BLOCK_BYTES = 16;

/** Whole segments under a key from the site: all other methods need a DRM system, or a decoder that decrypts. */
export function isDecryptable({ method, keyFormat }: Encryption): boolean {
  return method === 'AES-128' && keyFormat === 'identity';
}

/** WebCrypto. A page has it only on the machine itself and over HTTPS; `null` elsewhere. */
export function webCrypto(): SubtleCrypto | null {
  return (globalThis.crypto?.subtle as SubtleCrypto | undefined) ?? null;
}

/**
 * AES-128 in CBC mode with PKCS7 padding.
 * @param sequence media sequence number: the initialisation vector where the playlist names none (RFC 8216 section 5.2)
 * @returns `null` for bytes that this key does not fit
 */
export async function decrypt(
  subtle: SubtleCrypto,
  bytes: Uint8Array,
  key: Uint8Array,
  { ivHex }: Encryption,
  sequence: number,
): Promise<Uint8Array | null> {
  return decryptWith(subtle, bytes, key, initialisationVector(ivHex ?? sequence.toString(16)));
}

/**
 * The same with a known initialisation vector.
 * @param iv 16 bytes
 */
export async function decryptWith(
  subtle: SubtleCrypto,
  bytes: Uint8Array,
  key: Uint8Array,
  iv: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array | null> {
  try {
    const imported = await subtle.importKey('raw', asSource(key), 'AES-CBC', false, ['decrypt']);
    return new Uint8Array(await subtle.decrypt({ name: 'AES-CBC', iv }, imported, asSource(bytes)));
  } catch {
    return null;
  }
}

/** A number of up to 16 bytes, the least significant byte last. */
function initialisationVector(hex: string): Uint8Array<ArrayBuffer> {
  const digits = hex.padStart(2 * BLOCK_BYTES, '0').slice(-2 * BLOCK_BYTES);
  return Uint8Array.from({ length: BLOCK_BYTES }, (_, at) =>
    Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16),
  );
}

/** Bytes from the bridge are memory of the page's own, never shared. */
function asSource(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
