import { inspectFmp4 } from './inspect-fmp4.ts';
import { inspectTs, looksLikeTs } from './inspect-ts.ts';
import { looksLikeFmp4 } from './iso-box.ts';
import { type MediaInspection, MediaProblem } from './media-inspection.ts';
import { allAtOnce, type Steps } from './steps.ts';

/**
 * The deep check of a standby (rule 3): whether the bytes of a segment or part are whole media, and contain a key frame. Never
 * throws. It checks the structure and decodes nothing: intact packets that contain a damaged picture pass. It cannot inspect
 * encrypted segments (EXT-X-KEY).
 *
 * It does not use the demuxer of a player: demuxers skip or repair damage silently, and this check has to find it.
 *
 * @param init The segment's EXT-X-MAP, where it has one. Without it the key frame of a fragmented MP4 may be
 *   `unknown`, and damage within samples is not seen.
 */
export function inspectMedia(bytes: Uint8Array, init: Uint8Array | null = null): MediaInspection {
  return allAtOnce(inspectMediaInSteps(bytes, init));
}

/** As {@link inspectMedia}, for media that may be large. */
export function* inspectMediaInSteps(bytes: Uint8Array, init: Uint8Array | null): Steps<MediaInspection> {
  try {
    if (bytes.length === 0) throw new MediaProblem('is empty');
    if (looksLikeFmp4(bytes)) return inspectFmp4(bytes, init);
    if (looksLikeTs(bytes)) return yield* inspectTs(bytes, init);
    const audioAt = skipId3(bytes);
    if (isAdts(bytes, audioAt)) return inspectAdts(bytes, audioAt);
    throw new MediaProblem(whatElse(bytes));
  } catch (error) {
    if (error instanceof MediaProblem) return { ok: false, problem: error.message, kind: error.kind };
    throw error;
  }
}

/** Packed audio begins with an ID3 tag that carries its timestamp (RFC 8216 section 3.4). */
function skipId3(bytes: Uint8Array): number {
  if (ascii(bytes, 3) !== 'ID3' || bytes.length < 10) return 0;
  return bytes.subarray(6, 10).reduce((size, byte) => size * 128 + (byte & 0x7f), 0) + 10;
}

function isAdts(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xff && ((bytes[at + 1] ?? 0) & 0xf6) === 0xf0;
}

/** AAC in ADTS frames (ISO/IEC 13818-7): every frame must end where the next begins. */
function inspectAdts(bytes: Uint8Array, start: number): MediaInspection {
  for (let at = start; at < bytes.length; ) {
    const left = bytes.length - at;
    if (!isAdts(bytes, at) && left > 1) throw new MediaProblem(`is damaged: ADTS sync lost at byte ${at}`);
    const frameBytes =
      (((bytes[at + 3] ?? 0) & 3) << 11) | ((bytes[at + 4] ?? 0) << 3) | ((bytes[at + 5] ?? 0) >> 5);
    if (left < 7 || left < frameBytes)
      throw new MediaProblem(`is cut off: ${left} bytes of an audio frame at its end`);
    if (frameBytes < 7) throw new MediaProblem(`is damaged: broken audio frame at byte ${at}`);
    at += frameBytes;
  }
  return { ok: true, container: 'audio', keyFrame: false, complete: true, video: null, encrypted: false };
}

function whatElse(bytes: Uint8Array): string {
  const text = ascii(bytes, 64).trimStart().toLowerCase();
  if (/^<(!doctype html|html|head|body)/.test(text)) return 'is HTML';
  if (text.startsWith('<')) return 'is XML';
  if (/^[{[]/.test(text)) return 'is JSON';
  if (text.startsWith('#extm3u')) return 'is a playlist';
  if (text.startsWith('webvtt')) return 'is WebVTT text';
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'is a JPEG picture';
  if (/^[\s\x20-\x7e]+$/.test(text)) return 'is text';
  return 'is neither MPEG-TS, nor fragmented MP4, nor packed AAC';
}

function ascii(bytes: Uint8Array, length: number): string {
  return String.fromCharCode(...bytes.subarray(0, length));
}
