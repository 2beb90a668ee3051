import { type SampleDefaults, sampleDefaultsOf } from './fmp4-track.ts';
import type { Box } from './iso-box.ts';
import { readSampleEntry, type SampleEntry } from './sample-entry.ts';

/** The layout of a video track's samples and the decoder's parameters, by its initialisation section. */
export interface VideoTrack extends SampleEntry {
  readonly id: number;
  /** Units per second; 0 where the section does not say. */
  readonly timescale: number;
  /** Time that its edit list subtracts from all times, in units of the timescale. */
  readonly editedBy: number;
  readonly defaults: SampleDefaults;
  /** The content of the stsd box, which has the decoder's parameters; empty without that box. */
  readonly descriptions: Uint8Array;
}

/**
 * Reads the first video track, the one that players play.
 * @param movie the moov box
 * @returns `null` without one
 */
export function readVideoTrack(movie: Box): VideoTrack | null {
  const track = movie.childrenOf('trak').find((box) => box.child('mdia', 'hdlr')?.type32(8) === 'vide');
  if (track === undefined) return null;
  const header = track.child('tkhd') ?? track.refuse();
  const media = track.child('mdia', 'mdhd');
  const id = header.u32(header.u8(0) === 1 ? 20 : 12);
  const descriptions = track.child('mdia', 'minf', 'stbl', 'stsd');
  return {
    id,
    timescale: media === null ? 0 : media.u32(media.u8(0) === 1 ? 20 : 12),
    editedBy: editOf(track),
    defaults: sampleDefaultsOf(movie, id),
    descriptions: descriptions?.bytes(0, descriptions.end - descriptions.contentStart) ?? new Uint8Array(),
    ...readSampleEntry(descriptions),
  };
}

/** The beginning of the first edit. Chromium ignores the rest of an edit list. */
function editOf(track: Box): number {
  const list = track.child('edts', 'elst');
  if (list === null || list.u32(4) === 0) return 0;
  return Math.max(0, list.u8(0) === 1 ? list.i32(16) * 2 ** 32 + list.u32(20) : list.i32(12));
}
