import type { Part } from 'hls.js';

type NamedPart = Pick<Part, 'fragment' | 'index'>;

/**
 * The parts that a site lists but does not have, each with the following parts that cannot be decoded without it. They are
 * marked as loaded: then hls.js (1.7.4) continues with the next independent part as soon as that is listed. If they were marked
 * as gaps, hls.js would load the whole segment instead. Of that segment Chromium shows nothing where it has begun with parts;
 * without it, hls.js waits for the end of the next segment.
 */
export class MissingParts {
  private missing: readonly NamedPart[] = [];

  add(part: NamedPart): void {
    if (!this.has(part)) this.missing = [...this.missing, part];
  }

  /**
   * Call this with each new playlist, which has new objects for its parts, and after each {@link add} with the newest one.
   */
  leaveOut(partList: readonly Part[]): void {
    // After a restart, a part that exists may have the same number.
    this.missing = this.missing.filter((one) => partList.some((part) => isSame(part, one)));
    if (this.missing.length === 0) return;
    // In a stream that marks no part as independent, all of them count as independent.
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
