import type { ChangeCause, EvidenceCause } from './cause.ts';
import { VIDEO_CODEC_NAMES, type VideoCodec } from './media/video-format.ts';

type FixedCause = Exclude<ChangeCause, `http-${number}` | `codec-${VideoCodec}`>;

/**
 * What a site did, as the rest of a sentence that begins with the site's name: "Main" + "refused the
 * connection". Which site that is, {@link causeSubject} tells.
 */
const WORDS: Readonly<Record<FixedCause, string>> = {
  refused: 'refused the connection',
  reset: 'dropped the connection',
  timeout: 'did not answer',
  dns: 'could not be found by its name',
  unreachable: 'cannot be reached from here',
  'tls-pin': 'showed another certificate than the pinned one',
  'tls-expired': 'showed an expired certificate',
  'tls-untrusted': 'showed a certificate that is not trusted',
  'tls-protocol': 'failed to agree on encryption',
  'too-large': 'sent more than a stream may hold',
  'not-media': 'sent something that is not video',
  'redirect-refused': 'redirected to another address',
  'not-allowed': 'was asked for an address outside of its base',
  'no-login': 'needs a login, and none can be had as configured',
  'unknown-site': 'is not in the configuration',
  'not-a-playlist': 'sent something that is not a playlist',
  'no-media-yet': 'has no media yet',
  ended: 'ended its stream',
  'no-video': 'sends sound without a picture',
  encryption: 'encrypts its video in a way that Holdfast cannot play',
  'no-key': 'did not give the key to its encrypted video',
  decode: 'sent video that cannot be decoded',
  stalled: 'stopped moving',
  'too-slow': 'sent video slower than real time',
  'picture-stall': 'stopped giving new pictures',
  'no-picture': 'gave no picture',
  frozen: 'sent a frozen picture',
  black: 'sent a black picture',
  start: 'gave the first picture',
  failback: 'is back and was found healthy',
  quality: 'was asked for the quality that fits the tile',
  'priority-changed': 'was given priority',
  maintenance: 'was taken out for maintenance',
  manual: 'was chosen by hand',
  recovered: 'gave video again',
  renewed: 'was opened anew',
};

/** Causes that tell of the site changed to; all others tell of the site that was left. */
const OF_THE_NEW_SITE: ReadonlySet<string> = new Set<FixedCause>([
  'start',
  'failback',
  'quality',
  'priority-changed',
  'manual',
  'recovered',
  'renewed',
]);

/**
 * A cause in words, a verb phrase with the site as its subject. A cause that this release does not know
 * (a journal line of a newer one) is given as it stands: `failed (<cause>)`.
 */
export function causeWords(cause: string): string {
  if (Object.hasOwn(WORDS, cause)) return WORDS[cause as FixedCause];
  const codec = /^codec-(.+)$/.exec(cause)?.[1];
  if (codec !== undefined && Object.hasOwn(VIDEO_CODEC_NAMES, codec))
    return `sends ${VIDEO_CODEC_NAMES[codec as VideoCodec]}, which this workstation cannot show`;
  const status = /^http-(\d{3})$/.exec(cause)?.[1];
  if (status === '401' || status === '403') return `refused access (${status})`;
  return status === undefined ? `failed (${cause})` : `answered ${status}`;
}

/** Whether {@link causeWords} speaks of the site that a change left (`from`) or of the one it went to (`to`). */
export function causeSubject(cause: EvidenceCause | ChangeCause | (string & {})): 'from' | 'to' {
  return OF_THE_NEW_SITE.has(cause) ? 'to' : 'from';
}
