import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { UnfitFile } from './file-problem.ts';

/** Where the system supports it, opening a pipe does not wait for its writer. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a file as a whole. Pipes and devices, which may have no end, are refused.
 * @param mostBytes size limit; a larger file is refused
 * @param examine called with the open file before it is read, so that no other file can take its place between. Its
 * exceptions are passed on
 * @throws UnfitFile; the file system's error
 */
export async function readRegularFile(
  file: string,
  mostBytes: number,
  examine: (stats: Stats) => void = () => {},
): Promise<Buffer> {
  const handle = await open(file, READ);
  try {
    const stats = await handle.stat();
    if (stats.isDirectory()) throw new UnfitFile('it is a folder');
    if (!stats.isFile()) throw new UnfitFile('it is no regular file');
    examine(stats);
    // The file may have grown since then.
    const bytes = Buffer.alloc(Math.min(stats.size, mostBytes) + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length);
      length += bytesRead;
      if (bytesRead === 0 || length === bytes.length) break;
    }
    if (length > mostBytes) throw new UnfitFile(`it has more than ${mostBytes / 1_000_000} MB`);
    return bytes.subarray(0, length);
  } finally {
    await handle.close();
  }
}
