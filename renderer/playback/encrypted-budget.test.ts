import { expect, it } from 'vitest';
import { MAX_BOXES } from '../../shared/media/box-budget.ts';
import { isOverBudgetUnderKey } from './encrypted-budget.ts';

const KEY = Uint8Array.from({ length: 16 }, (_, at) => at);
const IV = new Uint8Array(16).fill(7);

/** Boxes of 8 bytes. */
function boxes(count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 * count);
  for (let at = 0; at < bytes.length; at += 8) bytes.set([0, 0, 0, 8, 0x66, 0x72, 0x65, 0x65], at);
  return bytes;
}

async function encrypted(plain: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('raw', KEY, 'AES-CBC', false, ['encrypt']);
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CBC', iv: IV }, key, plain));
}

it('counts what is under a key as it counts what is in the clear', async () => {
  expect(await isOverBudgetUnderKey(await encrypted(boxes(MAX_BOXES)), { key: KEY, iv: IV })).toBe(false);
  expect(await isOverBudgetUnderKey(await encrypted(boxes(MAX_BOXES + 1)), { key: KEY, iv: IV })).toBe(true);
});

it('leaves what cannot be decrypted to hls.js', async () => {
  const bytes = await encrypted(boxes(MAX_BOXES + 1));
  expect(await isOverBudgetUnderKey(bytes, { key: new Uint8Array(16), iv: IV })).toBe(false);
  expect(await isOverBudgetUnderKey(bytes, { key: null, iv: null })).toBe(false);
  expect(await isOverBudgetUnderKey(bytes, { key: KEY, iv: IV }, null)).toBe(false);
});
