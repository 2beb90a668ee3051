import { open, rename } from 'node:fs/promises';

/**
 * Replaces a file as a whole: whoever reads it, also after a power cut, finds the old text or the new one. Two
 * calls for the same file must not overlap.
 *
 * @throws (as a rejection) when the folder is missing or cannot be written; the old file is then untouched
 */
export async function writeWhole(file: string, text: string): Promise<void> {
  const unfinished = `${file}.part`;
  const handle = await open(unfinished, 'w');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, file);
}
