import type { ChangeCause, EvidenceCause } from './cause.ts';
import { VIDEO_CODEC_NAMES, type VideoCodec } from './media/video-format.ts';

type FixedCause = Exclude<ChangeCause, `http-${number}` | `codec-${VideoCodec}`>;

/** The number of sites that a sentence is about. */
export type Subjects = 'one' | 'several';

/** One text for both numbers, or one for each. */
type Words = string | Readonly<Record<Subjects, string>>;

/**
 * What a site did, as the rest of a sentence that begins with the site's name: "Main" + "refused the connection".
 * {@link causeSubject} says which site that is.
 */
const WORDS: Readonly<Record<FixedCause, Words>> = {
  refused: 'refused the connection',
  reset: 'dropped the connection',
  timeout: 'did not answer',
  dns: { one: 'could not be found by its name', several: 'could not be found by their names' },
  unreachable: 'cannot be reached from here',
  'tls-pin': {
    one: 'showed another certificate than the pinned one',
    several: 'showed other certificates than the pinned ones',
  },
  'tls-expired': { one: 'showed an expired certificate', several: 'showed expired certificates' },
  'tls-untrusted': {
    one: 'showed a certificate that is not trusted',
    several: 'showed certificates that are not trusted',
  },
  'tls-protocol': 'failed to agree on encryption',
  'too-large': 'sent more than a stream may hold',
  'not-media': 'sent something that is not video',
  'redirect-refused': { one: 'redirected to another address', several: 'redirected to other addresses' },
  'not-allowed': {
    one: 'was asked for an address outside of its base',
    several: 'were asked for addresses outside of their bases',
  },
  'no-login': {
    one: 'needs a login, and none can be had as configured',
    several: 'need a login, and none can be had as configured',
  },
  'unknown-site': { one: 'is not in the configuration', several: 'are not in the configuration' },
  'not-a-playlist': 'sent something that is not a playlist',
  'no-media-yet': { one: 'has no media yet', several: 'have no media yet' },
  ended: { one: 'ended its stream', several: 'ended their streams' },
  'no-video': { one: 'sends sound without a picture', several: 'send sound without a picture' },
  encryption: {
    one: 'encrypts its video in a way that Holdfast cannot play',
    several: 'encrypt their video in a way that Holdfast cannot play',
  },
  'no-key': {
    one: 'did not give the key to its encrypted video',
    several: 'did not give the keys to their encrypted video',
  },
  decode: 'sent video that cannot be decoded',
  stalled: 'stopped moving',
  'too-slow': 'sent video slower than real time',
  'picture-stall': 'stopped giving new pictures',
  'no-picture': 'gave no picture',
  frozen: 'sent a frozen picture',
  black: 'sent a black picture',
  start: 'gave the first picture',
  failback: { one: 'is back and was found healthy', several: 'are back and were found healthy' },
  quality: {
    one: 'was asked for the quality that fits the tile',
    several: 'were asked for the quality that fits the tile',
  },
  'priority-changed': { one: 'was given priority', several: 'were given priority' },
  maintenance: { one: 'was taken out for maintenance', several: 'were taken out for maintenance' },
  manual: { one: 'was chosen by hand', several: 'were chosen by hand' },
  recovered: 'gave video again',
  renewed: { one: 'was opened anew', several: 'were opened anew' },
};

/** Every cause that contains neither a number nor a codec. */
export const FIXED_CAUSES = Object.keys(WORDS) as readonly FixedCause[];

/** Causes about the site changed to; all others are about the site that was left. */
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
 * A cause in words, a verb phrase with one or several sites as its subject. An unknown cause (in an entry of a newer
 * release) is repeated: `failed (<cause>)`.
 */
export function causeWords(cause: string, subjects: Subjects = 'one'): string {
  if (Object.hasOwn(WORDS, cause)) {
    const words = WORDS[cause as FixedCause];
    return typeof words === 'string' ? words : words[subjects];
  }
  const codec = /^codec-(.+)$/.exec(cause)?.[1];
  if (codec !== undefined && Object.hasOwn(VIDEO_CODEC_NAMES, codec)) {
    const send = subjects === 'one' ? 'sends' : 'send';
    return `${send} ${VIDEO_CODEC_NAMES[codec as VideoCodec]}, which this workstation cannot show`;
  }
  const status = /^http-(\d{3})$/.exec(cause)?.[1];
  if (status === '401' || status === '403') return `refused access (${status})`;
  return status === undefined ? `failed (${cause})` : `answered ${status}`;
}

/** Whether {@link causeWords} is about the site that a change left (`from`) or the one that it went to (`to`). */
export function causeSubject(cause: EvidenceCause | ChangeCause | (string & {})): 'from' | 'to' {
  return OF_THE_NEW_SITE.has(cause) ? 'to' : 'from';
}
