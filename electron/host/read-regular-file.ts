import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { UnfitFile } from './file-problem.ts';

/** Where the system knows it, a pipe is opened without a wait for whoever writes into it. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a file as a whole: never a pipe or a device, which may have no end.
 * @param mostBytes more is refused
 * @param examine told of the file that is read, before it is read; no other one can take its place between. What it throws
 *   is thrown
 * @throws UnfitFile; what the file system says
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
    // It may have grown since.
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
