import type { Part } from 'hls.js';

type NamedPart = Pick<Part, 'fragment' | 'index'>;

/**
 * The parts that a site lists and does not have, each with those behind it that cannot be decoded without it. They are
 * taken for loaded: then hls.js (1.7.4) goes on with the next independent part as soon as that is listed. Parts that are
 * marked as gaps it makes up for by the whole segment, of which Chromium shows nothing where it has begun with its parts, and
 * without that one it waits for the end of the next segment.
 */
export class MissingParts {
  private missing: readonly NamedPart[] = [];

  add(part: NamedPart): void {
    if (!this.has(part)) this.missing = [...this.missing, part];
  }

  /** To be told each new playlist, which has new objects for its parts, and the newest one after each {@link add}. */
  leaveOut(partList: readonly Part[]): void {
    // Its number may come again, after a restart, for one that is there.
    this.missing = this.missing.filter((one) => partList.some((part) => isSame(part, one)));
    if (this.missing.length === 0) return;
    // A stream that names no independent part has them all so.
    const named = partList.some(({ independent }) => independent);
    let follows: 'decodable' | 'missing' = 'decodable';
    for (const part of partList) {
      if (this.has(part)) follows = 'missing';
      else if (part.independent || !named) follows = 'decodable';
      if (follows === 'missing' && !part.loaded) takeForLoaded(part);
    }
  }

  private has(part: NamedPart): boolean {
    return this.missing.some((one) => isSame(one, part));
  }
}

function isSame(one: NamedPart, other: NamedPart): boolean {
  return one.fragment.sn === other.fragment.sn && one.index === other.index;
}

function takeForLoaded({ elementaryStreams, start, end }: Part): void {
  elementaryStreams.video = { startPTS: start, endPTS: end, startDTS: start, endDTS: end };
}
