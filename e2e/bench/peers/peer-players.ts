/** What the suite `peers` compares: Holdfast, and what a user would build or choose instead. */

export const PEERS = ['hls-reload', 'hls-redundant', 'video-js', 'shaka'] as const;
export type Peer = (typeof PEERS)[number];

/** `default`: as the library's documentation shows it for live. `tuned`: as well as we could. */
export const TUNINGS = ['default', 'tuned'] as const;
export type Tuning = (typeof TUNINGS)[number];

export type Contender =
  | { readonly kind: 'holdfast' }
  | { readonly kind: 'peer'; readonly peer: Peer; readonly tuning: Tuning };

/** In the order of reports. */
export const CONTENDERS: readonly Contender[] = [
  { kind: 'holdfast' },
  ...PEERS.flatMap((peer) => TUNINGS.map((tuning) => ({ kind: 'peer', peer, tuning }) as const)),
];

export function contenderId(contender: Contender): string {
  return contender.kind === 'holdfast' ? 'holdfast' : `${contender.peer}-${contender.tuning}`;
}

export const PEER_WORDS: Readonly<Record<Peer, string>> = {
  'hls-reload': 'hls.js that loads the other site on a fatal error',
  'hls-redundant': 'hls.js with redundant variants, one per site',
  'video-js': 'video.js (VHS) with redundant renditions, one per site',
  shaka:
    'Shaka Player with redundant variants, one per site, loaded anew with the other site first on a critical error',
};

export const TUNING_WORDS: Readonly<Record<Peer, Readonly<Record<Tuning, string>>>> = {
  'hls-reload': {
    default: 'default load policies; fatal media errors are recovered from as its documentation shows',
    tuned: 'no retries, first byte within 1.5 s, load within 3 s, watchdog on the buffer',
  },
  'hls-redundant': {
    default: 'default load policies; fatal media errors are recovered from as its documentation shows',
    tuned:
      'load policies as hls-reload tuned; the watchdog changes the pathway, which keeps the picture, and loads anew where that did not help',
  },
  'video-js': {
    default: 'default options and the documented reloadSourceOnError',
    tuned:
      'the second site listed with one bit/s less, so that requests time out after 1.5 T and the first is preferred; exclusion for 15 s; the watchdog disables the rendition for as long, and loads anew where that did not help',
  },
  shaka: {
    default: 'default retry parameters and stall detector',
    tuned:
      'the second site listed with one bit/s less, so that each is a variant of its own; one attempt, time-outs of 1 to 3 s, a variant that fails is disabled for 15 s, one that starves left out for as long by the watchdog, which loads anew where that did not help',
  },
};
