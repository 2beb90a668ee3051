import { createCipheriv } from 'node:crypto';
import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import { editFiles, segmentNumber } from './edit-answers.ts';

export const ENCRYPTION_KEYS = ['given', 'refused', 'missing', 'not-a-key'] as const;
export type EncryptionKey = (typeof ENCRYPTION_KEYS)[number];

export const ENCRYPTION_METHODS = ['AES-128', 'SAMPLE-AES'] as const;
export type EncryptionMethod = (typeof ENCRYPTION_METHODS)[number];

const KEY_FILE = 'stream.key';
const KEY = Buffer.from('00112233445566778899aabbccddeeff', 'hex');

/**
 * Each segment is encrypted as a whole (RFC 8216, 4.3.2.4), with the same key and with its number as the initialization
 * vector. With SAMPLE-AES the segments are not encrypted, because a client must refuse that method before it reads them.
 * Init segments are never encrypted.
 */
export function encrypted(files: LiveFiles, method: EncryptionMethod, key: EncryptionKey): LiveFiles {
  const locked = editFiles(files, (answer, { file }) => {
    if (typeof answer.body === 'string') return { ...answer, body: withKeyTag(answer.body, method) };
    if (method === 'SAMPLE-AES' || file.includes('init')) return answer;
    const vector = Buffer.alloc(16);
    vector.writeUInt32BE(segmentNumber(file), 12);
    const cipher = createCipheriv('aes-128-cbc', KEY, vector);
    return { ...answer, body: Buffer.concat([cipher.update(answer.body), cipher.final()]) };
  });
  return {
    ...locked,
    answer(file, ...about) {
      if (file !== KEY_FILE) return locked.answer(file, ...about);
      const type = 'application/octet-stream';
      switch (key) {
        case 'given':
          return { kind: 'file', type, body: KEY };
        case 'not-a-key':
          return { kind: 'file', type, body: Buffer.from('<!doctype html><title>Please log in</title>\n') };
        case 'refused':
          return { kind: 'refused', status: 403, words: 'The key is not for everybody.' };
        case 'missing':
          return { kind: 'missing', words: 'There is no key.' };
      }
    },
  };
}

/** The tag of the key is after the tag of the init segment, so the key does not apply to the init segment. */
function withKeyTag(text: string, method: EncryptionMethod): string {
  return text.replace(
    /^#EXT-X-PROGRAM-DATE-TIME:|^#EXTINF:/m,
    (first) => `#EXT-X-KEY:METHOD=${method},URI="${KEY_FILE}"\n${first}`,
  );
}
