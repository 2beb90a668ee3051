import type { EvidenceCause } from '../../shared/cause.ts';
import type { Quality } from '../../shared/config/config.ts';
import type { FailedAnswer, PlaylistAnswer } from '../../shared/gateway/gateway-exchange.ts';
import { chooseVariant } from '../../shared/playlist/choose-variant.ts';
import type { Variant } from '../../shared/playlist/playlist.ts';
import { readPlaylist } from '../../shared/playlist/read-playlist.ts';
import { resolveUri } from '../../shared/playlist/resolve-uri.ts';
import type { Variables } from '../../shared/playlist/variables.ts';
import type { CanShow } from './can-show.ts';
import type { Clock } from './clock.ts';
import { type GivenList, LiveList } from './live-list.ts';
import { mayBeUnknownSession } from './stream-address.ts';
import { causeOfResponse } from './transport.ts';
import { withParameters } from './with-parameters.ts';

/** Between two renewals of a session, ms. */
const RENEWAL_REST_MS = 1000;
/** A session that gave no list for so long, ms, or for so many target durations, may be over: the workstation has slept. */
const UNUSED_MS = 10_000;
const UNUSED_TARGETS = 3;

/** Asks the site for the playlist at that address. */
export type AskPlaylist = (pathname: string) => Promise<PlaylistAnswer>;

/** What hls.js asks of a playlist beyond its address (RFC 8216bis section 6.2.5), in hls.js's own numbers. */
export interface Directives {
  readonly msn?: number | undefined;
  readonly part?: number | undefined;
  readonly skip?: string | undefined;
}

export type SessionAnswer =
  /** For hls.js, and where it was read. */
  | { readonly kind: 'given'; readonly text: string; readonly pathname: string }
  /** This player will never play it: hls.js is not told. */
  | { readonly kind: 'unplayable'; readonly cause: 'no-video' | 'encryption' }
  /** The player has begun anew meanwhile: this is of a load that it gave up. */
  | { readonly kind: 'outdated' }
  | FailedAnswer;

const OUTDATED: SessionAnswer = { kind: 'outdated' };
/** What hls.js (1.7.4) puts no bound to: variables that hold others, and double with every line. */
const UNREADABLE: FailedAnswer = {
  kind: 'failed',
  status: 502,
  reason: 'not-media',
  words: 'the site sent a playlist whose variables cannot be read',
};
/** As the gateway answers what lies where it does not go. */
export const NOT_ALLOWED: FailedAnswer = { kind: 'failed', status: 403, reason: 'not-allowed', words: null };

/**
 * The playlists of one player. Of a multivariant playlist hls.js is given the chosen variant alone, so that it neither changes
 * quality nor waits for audio or subtitles that other playlists have, and without what was declared of it.
 *
 * Many servers bind that variant's playlist to a session, which ends. Then the multivariant playlist is asked once more, at
 * once, and the new session takes the place of the old one. Where that fails, what the multivariant playlist says is the
 * cause.
 */
export class PlaylistSession {
  private list = new LiveList();
  private given: GivenList | null = null;
  /** Of the multivariant playlist; empty where the stream has none. */
  private variants: readonly Variant[] = [];
  private variables: Variables = new Map();
  private chosen: Variant | null = null;
  /** Where the chosen variant's playlist is; `null` where the stream's own address is that of its only list. */
  private variantPathname: string | null = null;
  private renewedMs = Number.NEGATIVE_INFINITY;
  /** When there was a list of segments last, or the beginning, monotonic ms. */
  private givenMs = 0;
  /** Of the variant that is played, until the next beginning. */
  private quality: Quality;

  /**
   * @param root the stream's own address
   * @param wanted which of its variants
   */
  constructor(
    private readonly root: string,
    private wanted: Quality,
    private readonly canShow: CanShow,
    private readonly clock: Clock,
  ) {
    this.quality = wanted;
  }

  /** Begins from the stream's own address. */
  async begin(ask: AskPlaylist): Promise<SessionAnswer> {
    this.list = new LiveList();
    this.givenMs = this.clock.now();
    this.quality = this.wanted;
    this.leaveVariant();
    const answer = await this.unlessOutdated(ask(this.root));
    if (answer === null) return OUTDATED;
    if (answer.kind === 'failed') return answer;
    return this.enter(answer.text) ?? this.give(answer.text, this.root, 'new');
  }

  /** The list of segments, as it is now. */
  async reload(ask: AskPlaylist, directives: Directives): Promise<SessionAnswer> {
    // Some servers (MediaMTX 1.18) let a session that is over wait for 2 s before they say so.
    if (this.isUnused()) return this.renew(ask);
    const pathname = this.variantPathname ?? this.root;
    const answer = await this.unlessOutdated(ask(this.withDirectives(pathname, directives)));
    if (answer === null) return OUTDATED;
    // It came while the workstation slept: its media is of the session that is over.
    if (this.isUnused()) return this.renew(ask);
    if (!this.isOver(answer)) return this.answered(answer, pathname, 'same');
    if (this.clock.now() - this.renewedMs < RENEWAL_REST_MS) return this.answered(answer, pathname, 'same');
    return this.renew(ask);
  }

  /** Which variant is to be played from the next beginning on. */
  want(quality: Quality): void {
    this.wanted = quality;
  }

  /** Whether that would be another one than now. */
  wantsAnother(): boolean {
    return this.chosen !== null && this.choose(this.variants, this.wanted)?.uri !== this.chosen.uri;
  }

  /** Whether media that is refused for this cause may be that of a session which has ended. A piece that is missing is another matter. */
  mayBeOver(cause: EvidenceCause): boolean {
    return this.variantPathname !== null && (cause === 'http-401' || cause === 'http-403');
  }

  /** EXT-X-ENDLIST. */
  hasEnded(): boolean {
    return this.given?.ended === true;
  }

  /** Whether each segment is made when it is asked for, of what has come since the one before. */
  isMadeOnDemand(): boolean {
    return this.given?.isMadeOnDemand === true;
  }

  isEncrypted(): boolean {
    return this.given?.encryption === 'aes-128';
  }

  /** The longest of the target duration and the segments, ms; 0 before the first list. */
  longestMs(): number {
    return this.given?.longestMs ?? 0;
  }

  /** The server's number of a segment that hls.js gives this one. */
  serverNumber(sequence: number): number {
    return this.list.serverNumber(sequence);
  }

  private async renew(ask: AskPlaylist): Promise<SessionAnswer> {
    this.renewedMs = this.clock.now();
    const root = await this.unlessOutdated(ask(this.root));
    if (root === null) return OUTDATED;
    if (root.kind === 'failed') return root;
    const entered = this.enter(root.text);
    if (entered !== null && entered.kind !== 'given') return entered;
    const pathname = this.variantPathname;
    if (entered === null || pathname === null) return this.give(root.text, this.root, 'new');
    const answer = await this.unlessOutdated(ask(pathname));
    return answer === null ? OUTDATED : this.answered(answer, pathname, 'new');
  }

  /** @returns `null` where the player began anew while this was asked: nothing of it may get into the new list */
  private async unlessOutdated(asked: Promise<PlaylistAnswer>): Promise<PlaylistAnswer | null> {
    const { list } = this;
    const answer = await asked;
    return list === this.list ? answer : null;
  }

  /**
   * Reads the stream's own address.
   * @returns the multivariant playlist for hls.js; `null` where it is none
   */
  private enter(text: string): SessionAnswer | null {
    const reading = readPlaylist(text, { address: this.root });
    // What is no playlist does not say that the stream has become another one.
    if (!reading.ok) return null;
    if (reading.playlist.kind !== 'multivariant') {
      this.leaveVariant();
      return null;
    }
    this.variants = reading.playlist.variants;
    this.variables = reading.playlist.variables;
    this.chosen = this.choose(this.variants, this.quality);
    if (this.chosen === null) return { kind: 'unplayable', cause: 'no-video' };
    this.variantPathname = resolveUri(this.root, this.chosen.uri);
    if (this.variantPathname === null) {
      this.leaveVariant();
      return NOT_ALLOWED;
    }
    return {
      kind: 'given',
      text: onlyVariant(this.chosen, reading.playlist.variables),
      pathname: this.root,
    };
  }

  /** Whether the session has rested for so long that the server may have ended it. */
  private isUnused(): boolean {
    const unusedMs = this.clock.now() - this.givenMs;
    return (
      this.variantPathname !== null && unusedMs >= Math.max(UNUSED_MS, UNUSED_TARGETS * this.longestMs())
    );
  }

  private leaveVariant(): void {
    this.variants = [];
    this.variables = new Map();
    this.chosen = this.variantPathname = null;
  }

  private choose(variants: readonly Variant[], quality: Quality): Variant | null {
    return chooseVariant(variants, quality, (codecs) => this.canShow(`video/mp4; codecs="${codecs}"`));
  }

  /** Whether the session has ended. Why, the multivariant playlist tells. */
  private isOver(answer: PlaylistAnswer): boolean {
    if (answer.kind === 'text')
      return isMultivariant(answer.text) || (this.variantPathname !== null && answer.text.trim() === '');
    return (
      this.variantPathname !== null && mayBeUnknownSession(causeOfResponse(answer.status, answer.reason))
    );
  }

  private answered(answer: PlaylistAnswer, pathname: string, session: 'same' | 'new'): SessionAnswer {
    return answer.kind === 'failed' ? answer : this.give(answer.text, pathname, session);
  }

  private withDirectives(pathname: string, { msn, part, skip }: Directives): string {
    return withParameters(pathname, {
      _HLS_msn: msn === undefined ? undefined : this.list.serverNumber(msn),
      _HLS_part: part,
      // hls.js (1.7.4) keeps initialisation sections from list to list, and not the keys that a delta update leaves out.
      _HLS_skip: this.isEncrypted() ? undefined : skip,
    });
  }

  private give(text: string, pathname: string, session: 'same' | 'new'): SessionAnswer {
    const sources = { address: pathname, imported: this.variables };
    if (text.includes('{$') && !readPlaylist(text, sources).ok) return UNREADABLE;
    this.given = this.list.give(text, session);
    this.givenMs = this.clock.now();
    return this.given.encryption === 'unplayable'
      ? { kind: 'unplayable', cause: 'encryption' }
      : { kind: 'given', text: this.given.text, pathname };
  }
}

function isMultivariant(text: string): boolean {
  return /^\s*#EXT-X-STREAM-INF:/m.test(text);
}

/**
 * The variant's list may import what the multivariant playlist defines; a value that hls.js would read as another one is left
 * out. A bandwidth of 0 is one that hls.js does not go by.
 */
function onlyVariant({ uri }: Variant, variables: Variables): string {
  const definitions = [...variables]
    .filter(([, value]) => !/["\r\n]|\{\$/.test(value))
    .map(([name, value]) => `#EXT-X-DEFINE:NAME="${name}",VALUE="${value}"`);
  return ['#EXTM3U', ...definitions, '#EXT-X-STREAM-INF:BANDWIDTH=0', uri].join('\n');
}
