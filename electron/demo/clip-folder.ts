import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StreamClips } from './create-live-files.ts';
import { BLACK_CLIP_FILES, clipFileName, type DemoSiteId, subClipFileName } from './demo-wall.ts';
import { type Clip, readClip } from './fmp4.ts';

/** The clips in a directory, each read once for any number of streams. */
export class ClipFolder {
  private readonly directory: string;
  private readonly read = new Map<string, Promise<Clip>>();

  constructor(directory: string) {
    this.directory = directory;
  }

  /**
   * The clips of one camera's stream at one site.
   * @throws where a file cannot be read, and a ClipError naming the file where it is no clip
   */
  async streamClips(cameraId: string, siteId: DemoSiteId): Promise<StreamClips> {
    const [main, sub, blackMain, blackSub] = await Promise.all([
      this.clip(clipFileName(cameraId, siteId)),
      this.clip(subClipFileName(siteId)),
      this.clip(BLACK_CLIP_FILES.main),
      this.clip(BLACK_CLIP_FILES.sub),
    ]);
    return { main: { moving: main, black: blackMain }, sub: { moving: sub, black: blackSub } };
  }

  private clip(name: string): Promise<Clip> {
    const known = this.read.get(name);
    if (known !== undefined) return known;
    const file = join(this.directory, name);
    const read = readFile(file).then((bytes) => readClip(bytes, file));
    this.read.set(name, read);
    return read;
  }
}
