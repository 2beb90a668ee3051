import type { EvidenceCause } from '../../shared/cause.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Quality } from '../../shared/config/config.ts';
import type { FailedAnswer, PlaylistAnswer } from '../../shared/gateway/gateway-exchange.ts';
import { chooseVariant } from '../../shared/playlist/choose-variant.ts';
import type { Variant } from '../../shared/playlist/playlist.ts';
import { readPlaylist } from '../../shared/playlist/read-playlist.ts';
import { resolveUri } from '../../shared/playlist/resolve-uri.ts';
import type { Variables } from '../../shared/playlist/variables.ts';
import type { CanShow } from './can-show.ts';
import { type GivenList, LiveList } from './live-list.ts';
import { mayBeUnknownSession } from './stream-address.ts';
import { causeOfResponse } from './transport.ts';
import { withParameters } from './with-parameters.ts';

/** Least time between two renewals of a session, ms. */
const RENEWAL_REST_MS = 1000;
/** A session may have ended after at least this long without a playlist, ms: the workstation has slept. */
const UNUSED_MS = 10_000;
/** And after at least this many target durations without a playlist. */
const UNUSED_TARGETS = 3;

/** Requests the playlist at an address from the site. */
export type AskPlaylist = (pathname: string) => Promise<PlaylistAnswer>;

/** What hls.js requests of a playlist beyond its address (RFC 8216bis section 6.2.5), in hls.js's own numbers. */
export interface Directives {
  readonly msn?: number | undefined;
  readonly part?: number | undefined;
  readonly skip?: string | undefined;
}

export type SessionAnswer =
  /** The text for hls.js, and the address where it was read. */
  | { readonly kind: 'given'; readonly text: string; readonly pathname: string }
  /** This player can never play it: hls.js gets no answer. */
  | { readonly kind: 'unplayable'; readonly cause: 'no-video' | 'encryption' }
  /** The player has begun anew meanwhile: this belongs to a load that it gave up. */
  | { readonly kind: 'outdated' }
  | FailedAnswer;

const OUTDATED: SessionAnswer = { kind: 'outdated' };
/** A playlist whose variables contain each other and double with every line: hls.js (1.7.4) sets no limit there. */
const UNREADABLE: FailedAnswer = {
  kind: 'failed',
  status: 502,
  reason: 'not-media',
  words: 'the site sent a playlist whose variables cannot be read',
};
/** The gateway's answer for an address that it does not allow. */
export const NOT_ALLOWED: FailedAnswer = { kind: 'failed', status: 403, reason: 'not-allowed', words: null };

/**
 * The playlists of one player. Of a multivariant playlist hls.js gets only the chosen variant, without the declared attributes.
 * So hls.js neither changes the quality nor waits for audio or subtitles in other playlists.
 *
 * Many servers bind the variant's playlist to a session, and sessions end. Then the multivariant playlist is requested once
 * more, at once, and the new session replaces the old one. Where that fails, the failure of the multivariant playlist is the
 * cause.
 */
export class PlaylistSession {
  private list = new LiveList();
  private given: GivenList | null = null;
  /** The variants of the multivariant playlist; empty where the stream has none. */
  private variants: readonly Variant[] = [];
  private variables: Variables = new Map();
  private chosen: Variant | null = null;
  /** The address of the chosen variant's playlist; `null` where the stream's own address is that of its only playlist. */
  private variantPathname: string | null = null;
  private renewedMs = Number.NEGATIVE_INFINITY;
  /** When a media playlist last came, or the session began, monotonic ms. */
  private givenMs = 0;
  /** Quality of the variant that is played until the next beginning. */
  private quality: Quality;

  /**
   * @param root the stream's own address
   * @param wanted the quality of the variant to play
   */
  constructor(
    private readonly root: string,
    private wanted: Quality,
    private readonly canShow: CanShow,
    private readonly clock: Clock,
  ) {
    this.quality = wanted;
  }

  /** Begins at the stream's own address. */
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

  /** Requests the present media playlist. */
  async reload(ask: AskPlaylist, directives: Directives): Promise<SessionAnswer> {
    // Some servers (MediaMTX 1.18) delay the answer to an ended session for 2 s.
    if (this.isUnused()) return this.renew(ask);
    const pathname = this.variantPathname ?? this.root;
    const answer = await this.unlessOutdated(ask(this.withDirectives(pathname, directives)));
    if (answer === null) return OUTDATED;
    // The answer came while the workstation slept: its media belongs to the ended session.
    if (this.isUnused()) return this.renew(ask);
    if (!this.isOver(answer)) return this.answered(answer, pathname, 'same');
    if (this.clock.now() - this.renewedMs < RENEWAL_REST_MS) return this.answered(answer, pathname, 'same');
    return this.renew(ask);
  }

  /** Sets which variant is played from the next beginning on. */
  want(quality: Quality): void {
    this.wanted = quality;
  }

  /** Whether another variant than the present one is wanted. */
  wantsAnother(): boolean {
    return this.chosen !== null && this.choose(this.variants, this.wanted)?.uri !== this.chosen.uri;
  }

  /** Whether media that is refused for this cause may belong to an ended session. Missing media is another matter. */
  mayBeOver(cause: EvidenceCause): boolean {
    return this.variantPathname !== null && (cause === 'http-401' || cause === 'http-403');
  }

  /** Whether the playlist has an EXT-X-ENDLIST. */
  hasEnded(): boolean {
    return this.given?.ended === true;
  }

  /** Whether each segment is made on request, of what has come since the previous one. */
  isMadeOnDemand(): boolean {
    return this.given?.isMadeOnDemand === true;
  }

  isEncrypted(): boolean {
    return this.given?.encryption === 'aes-128';
  }

  /** The longest of the target duration and the segments, ms; 0 before the first media playlist. */
  longestMs(): number {
    return this.given?.longestMs ?? 0;
  }

  /** The server's number of a segment with this number of hls.js's. */
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

  /** @returns `null` where the player began anew meanwhile: the answer must not get into the new playlist */
  private async unlessOutdated(asked: Promise<PlaylistAnswer>): Promise<PlaylistAnswer | null> {
    const { list } = this;
    const answer = await asked;
    return list === this.list ? answer : null;
  }

  /**
   * Reads the answer of the stream's own address.
   * @returns the multivariant playlist for hls.js; `null` where the answer is none
   */
  private enter(text: string): SessionAnswer | null {
    const reading = readPlaylist(text, { address: this.root });
    // An answer that is not a playlist does not mean that the stream has become another one.
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

  /** Whether the session was unused for so long that the server may have ended it. */
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

  /** Whether the session has ended. The multivariant playlist gives the reason. */
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
      // hls.js (1.7.4) keeps initialisation sections from playlist to playlist,
      // but not the keys that a delta update leaves out.
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
 * The variant's playlist may import variables that the multivariant playlist defines. A value that hls.js would read differently
 * is left out. hls.js ignores a bandwidth of 0.
 */
function onlyVariant({ uri }: Variant, variables: Variables): string {
  const definitions = [...variables]
    .filter(([, value]) => !/["\r\n]|\{\$/.test(value))
    .map(([name, value]) => `#EXT-X-DEFINE:NAME="${name}",VALUE="${value}"`);
  return ['#EXTM3U', ...definitions, '#EXT-X-STREAM-INF:BANDWIDTH=0', uri].join('\n');
}
