/** One box (ISO/IEC 14496-12 section 4.2): where it, its content and the next one begin. */
interface Box {
  readonly type: string;
  readonly at: number;
  readonly content: number;
  readonly end: number;
}

/**
 * Removes all tracks but the first video track from fragmented MP4: it renames their boxes to `free`, which every reader skips.
 * No byte moves, so that all offsets stay valid. The samples of the other tracks stay, and nothing refers to them.
 */
export class Fmp4VideoOnly {
  /** Ids of the tracks that were removed from the last initialisation section. */
  private removed: ReadonlySet<number> = new Set();

  /** @param bytes an initialisation section or media, which are changed in place */
  filter(bytes: Uint8Array): void {
    for (const box of boxesIn(bytes, 0, bytes.length)) {
      if (box.type === 'moov') this.filterMovie(bytes, box);
      else if (box.type === 'moof') this.filterFragment(bytes, box);
    }
  }

  private filterMovie(bytes: Uint8Array, movie: Box): void {
    const tracks = childrenOf(bytes, movie, 'trak');
    const video = tracks.find((track) => isVideo(bytes, track));
    this.removed = new Set();
    if (video === undefined || tracks.length === 1) return;
    const others = tracks.filter((track) => track !== video);
    const videoId = trackIdOf(bytes, video);
    this.removed = new Set(others.map((track) => trackIdOf(bytes, track)).filter((id) => id !== videoId));
    for (const track of others) free(bytes, track);
    for (const extension of childrenOf(bytes, movie, 'mvex'))
      for (const defaults of childrenOf(bytes, extension, 'trex'))
        if (this.removed.has(u32(bytes, defaults.content + 4))) free(bytes, defaults);
  }

  private filterFragment(bytes: Uint8Array, fragment: Box): void {
    if (this.removed.size === 0) return;
    const runs = childrenOf(bytes, fragment, 'traf');
    const others = runs.filter((run) => {
      const header = childrenOf(bytes, run, 'tfhd')[0];
      return header !== undefined && this.removed.has(u32(bytes, header.content + 4));
    });
    // Chromium refuses a fragment without any track.
    if (runs.length > 0 && others.length === runs.length) free(bytes, fragment);
    else for (const run of others) free(bytes, run);
  }
}

/** The whole boxes from `start` on, up to the first box that is broken or cut off. */
function boxesIn(bytes: Uint8Array, start: number, end: number): Box[] {
  const boxes: Box[] = [];
  for (let at = start; at + 8 <= end; ) {
    const size = u32(bytes, at);
    const isLarge = size === 1;
    const content = at + (isLarge ? 16 : 8);
    const next =
      size === 0 ? end : at + (isLarge ? u32(bytes, at + 8) * 2 ** 32 + u32(bytes, at + 12) : size);
    if (next < content || next > end) break;
    boxes.push({ type: String.fromCharCode(...bytes.subarray(at + 4, at + 8)), at, content, end: next });
    at = next;
  }
  return boxes;
}

function childrenOf(bytes: Uint8Array, parent: Box, type: string): Box[] {
  return boxesIn(bytes, parent.content, parent.end).filter((box) => box.type === type);
}

function isVideo(bytes: Uint8Array, track: Box): boolean {
  const media = childrenOf(bytes, track, 'mdia')[0];
  const handler = media && childrenOf(bytes, media, 'hdlr')[0];
  if (handler === undefined) return false;
  return String.fromCharCode(...bytes.subarray(handler.content + 8, handler.content + 12)) === 'vide';
}

/** The id of a track; 0, which no track has, where the box names none. */
function trackIdOf(bytes: Uint8Array, track: Box): number {
  const header = childrenOf(bytes, track, 'tkhd')[0];
  if (header === undefined) return 0;
  return u32(bytes, header.content + (bytes[header.content] === 1 ? 20 : 12));
}

function free(bytes: Uint8Array, { at }: Box): void {
  bytes.set([0x66, 0x72, 0x65, 0x65], at + 4);
}

function u32(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) * 2 ** 24 +
    (((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0))
  );
}
