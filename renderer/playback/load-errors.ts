import { type ErrorData, ErrorDetails, ErrorTypes, type Part } from 'hls.js';
import { type EvidenceCause, keyCause } from '../../shared/cause.ts';
import { REASON_HEADER, REASON_TEXT_HEADER } from '../../shared/gateway/gateway-contract.ts';
import { codecOfCodecsEntry } from '../../shared/media/sample-entries.ts';
import type { VideoCodec } from '../../shared/media/video-format.ts';
import { holdsNothing } from '../../shared/playlist/holds-nothing.ts';
import type { CanShow } from './can-show.ts';
import { causeOfResponse, wordsOfReason } from './transport.ts';

/** The beginning of the words with which hls.js (1.7.4) reports a segment with neither video nor audio. */
const NO_MEDIA_FOUND = 'Found no media';

export function channelOf(data: ErrorData): 'playlist' | 'media' {
  return data.frag === undefined ? 'playlist' : 'media';
}

/** Why a load failed; `null` for loads that hls.js itself gave up for another place in the stream. */
export function networkCause(data: ErrorData): EvidenceCause | null {
  switch (data.details) {
    case ErrorDetails.MANIFEST_LOAD_TIMEOUT:
    case ErrorDetails.LEVEL_LOAD_TIMEOUT:
    case ErrorDetails.FRAG_LOAD_TIMEOUT:
    case ErrorDetails.KEY_LOAD_TIMEOUT:
      return 'timeout';
    case ErrorDetails.MANIFEST_PARSING_ERROR:
    case ErrorDetails.LEVEL_PARSING_ERROR:
      return isEmpty(data) ? 'no-media-yet' : 'not-a-playlist';
    case ErrorDetails.LEVEL_EMPTY_ERROR:
      return 'no-media-yet';
    case ErrorDetails.KEY_LOAD_ERROR:
    case ErrorDetails.MANIFEST_LOAD_ERROR:
    case ErrorDetails.LEVEL_LOAD_ERROR:
    case ErrorDetails.FRAG_LOAD_ERROR:
      return answerCause(data);
    default:
      return null;
  }
}

/** The cause that is reported as evidence for a failed load. */
export function namedCause({ details }: ErrorData, cause: EvidenceCause): EvidenceCause {
  return details === ErrorDetails.KEY_LOAD_ERROR ? keyCause(cause) : cause;
}

function answerCause(data: ErrorData): EvidenceCause {
  const status = data.response?.code ?? 0;
  return status === 0 ? 'reset' : causeOfResponse(status, responseHeader(data, REASON_HEADER));
}

/** The gateway's words for the failure. */
export function networkWords(data: ErrorData): string | undefined {
  return wordsOfReason(responseHeader(data, REASON_TEXT_HEADER));
}

/**
 * Whether hls.js (1.7.4) reports "no media" only because no key frame has come yet: there is media, but it cannot be shown.
 * @param newestDiscontinuity of the buffered media; `null` before there is any
 */
export function awaitsKeyFrame({ frag, reason }: ErrorData, newestDiscontinuity: number | null): boolean {
  return frag?.cc !== newestDiscontinuity && reason?.startsWith(NO_MEDIA_FOUND) === true;
}

/**
 * Whether the parts of a segment are in the buffer. hls.js (1.7.4) may report "no media" in such a segment: it forgets the
 * parts when a playlist comes at the same time that lists the whole segment.
 */
export function hasPartsOf(frag: ErrorData['frag'], partList: readonly Part[]): boolean {
  return partList.some((part) => part.fragment.sn === frag?.sn && part.loaded);
}

/** Why a player cannot go on, once hls.js has given up for a reason other than a load. */
export function failureCause({ type, details, mimeType }: ErrorData, canShow: CanShow): EvidenceCause {
  if (type === ErrorTypes.KEY_SYSTEM_ERROR) return 'encryption';
  const codec = mimeType === undefined ? null : videoCodecOf(mimeType);
  const isRefused = details === ErrorDetails.BUFFER_ADD_CODEC_ERROR && codec !== null;
  return isRefused && mimeType !== undefined && !canShow(mimeType) ? `codec-${codec}` : 'decode';
}

function videoCodecOf(contentType: string): VideoCodec | null {
  const [, codecs = ''] = /codecs="?([^";]*)/.exec(contentType) ?? [];
  return (
    codecs
      .split(',')
      .map(codecOfCodecsEntry)
      .find((codec) => codec !== undefined) ?? null
  );
}

function isEmpty({ response }: ErrorData): boolean {
  return typeof response?.data === 'string' && holdsNothing(response.data);
}

function responseHeader({ networkDetails }: ErrorData, name: string): string | null {
  return networkDetails instanceof Response ? networkDetails.headers.get(name) : null;
}
