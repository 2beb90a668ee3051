import { Fmp4VideoOnly } from './fmp4-video-only.ts';
import { looksLikeFmp4 } from './iso-box.ts';
import { allAtOnce, type Steps } from './steps.ts';
import { PACKET_BYTES, SYNC_BYTE } from './ts-packet.ts';
import { TsVideoOnly } from './ts-video-only.ts';

/**
 * Keeps the first video stream of media and removes what a muted wall does not need: audio, subtitles and metadata, so
 * that none of them can stop the picture. It reads headers alone, and keeps the length. One instance serves one player:
 * it gets initialisation sections, segments and parts in the order in which they are played. A section that is played
 * again after another one has to be passed in again, because the last section says which tracks a segment has.
 * Media without video, with nothing but video, encrypted as a whole, or neither MPEG-TS nor fragmented MP4 (such as
 * packed audio) is returned unchanged. Never throws.
 */
export class VideoOnly {
  private readonly ts = new TsVideoOnly();
  private readonly fmp4 = new Fmp4VideoOnly();

  /** @returns the same bytes, changed in place */
  filter(bytes: Uint8Array): Uint8Array {
    return allAtOnce(this.filterInSteps(bytes));
  }

  /** As {@link filter}, for media that may be large. */
  *filterInSteps(bytes: Uint8Array): Steps<Uint8Array> {
    if (looksLikeFmp4(bytes)) this.fmp4.filter(bytes);
    else if (isTs(bytes)) yield* this.ts.filterInSteps(bytes);
    return bytes;
  }
}

/** Encrypted bytes may begin with a sync byte by chance, but not at the beginnings of three packets. */
function isTs(bytes: Uint8Array): boolean {
  return [0, PACKET_BYTES, 2 * PACKET_BYTES].every(
    (at) => (at > 0 && at >= bytes.length) || bytes[at] === SYNC_BYTE,
  );
}
