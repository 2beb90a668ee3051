import type { EvidenceCause } from '../../shared/cause.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Fetched, FetchOptions, TextOptions, Transport } from '../playback/transport.ts';
import { FakeSessions, type FakeShape } from './fake-sessions.ts';

export const FAKE_FRAME_MS = 66;
/** Number of segments in a playlist. */
const LISTED = 4;
/** Number of these that a delta update leaves out. */
const SKIPPED = 2;
/** A pulled site waits for its camera for this long before it answers that there is nothing, ms. */
const PULL_WAIT_MS = 3000;
/** A source that is started on demand ends this long after the last request, ms. */
const SOURCE_ENDS_MS = 10_000;

export type FakeFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'frozen'; readonly atSequence: number }
  /** As `frozen`, with an EXT-X-ENDLIST. */
  | { readonly kind: 'ended'; readonly atSequence: number }
  /** 200 without a byte, and a playlist without a segment: the camera is off. */
  | { readonly kind: 'no-bytes' }
  | { readonly kind: 'no-segments' }
  | {
      readonly kind: 'fails';
      readonly cause: EvidenceCause;
      readonly only?: 'media';
      /** The gateway's words for it. */
      readonly words?: string;
    };

/**
 * The picture of the camera at this site. `still`: a scene in which nothing moves; `skipped`: one that its encoder skips.
 */
export type FakePicture = 'moving' | 'still' | 'skipped' | 'frozen' | 'black';

type Answer<T> =
  | { readonly kind: 'body'; readonly body: T; readonly afterMs: number }
  | { readonly kind: 'failed'; readonly cause: EvidenceCause; readonly afterMs: number };

/**
 * A site under virtual time: one live stream of `targetMs` segments, answered after `delayMs`. It counts the requests that have
 * not ended.
 */
export class FakeSite implements Transport {
  fault: FakeFault = { kind: 'none' };
  picture: FakePicture = 'moving';
  /** The cause by which its players fail with their first media; `null` where they play it. */
  unplayable: EvidenceCause | null = null;
  shape: FakeShape = { kind: 'plain' };
  /** Variants of its multivariant playlist: the attributes of `#EXT-X-STREAM-INF:`, and their names. */
  variants: readonly (readonly [attributes: string, name: string])[] = [['BANDWIDTH=1000000', '']];
  open = 0;
  playlistRequests = 0;
  /** Time and address of each request for a playlist. */
  readonly asked: { readonly atMs: number; readonly pathname: string }[] = [];
  /** The addresses of the requested media. */
  readonly fetched: string[] = [];
  /** Frame interval of its pictures, ms. */
  frameMs = FAKE_FRAME_MS;
  /** Number of requests for playlists of a lost stream. */
  doubtedRequests = 0;
  mediaRequests = 0;
  /** The answer to a request for media. */
  media: Uint8Array;
  /** The answer to a request for an initialisation section; `null` where that is its media. */
  init: Uint8Array | null = null;
  /** Media sequence at time 0; a restarted packager begins lower. */
  firstSequence = 100;
  /** Length of the parts of its newest segment, ms; `null` without parts. A segment is a whole number of them. */
  partMs: number | null = null;
  /** Added to `delayMs` for each answer, ms. */
  jitterMs: () => number = () => 0;
  /** Time of its first answer, where its source is started on demand, ms. */
  startMs = 0;
  /** The declared TARGETDURATION, s; `null` for the duration of its segments. */
  declaredS: number | null = null;
  /** Number of segments that it lists at once: its playlist changes only with that many new ones. */
  segmentsAtOnce = 1;
  /** A line of its playlist, such as EXT-X-SERVER-CONTROL. */
  tag = '';
  readonly sessions: FakeSessions;
  private lastAskedMs = Number.NEGATIVE_INFINITY;
  private startedMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    readonly targetMs: number,
    media: Uint8Array,
    public delayMs = 5,
  ) {
    this.media = media;
    this.sessions = new FakeSessions(clock);
  }

  fetchText(pathname: string, options: TextOptions): Promise<Fetched<string>> {
    this.playlistRequests += 1;
    if (options.doubted === true) this.doubtedRequests += 1;
    this.asked.push({ atMs: this.clock.now(), pathname });
    return this.answer(options, 'playlist', () => this.list(pathname));
  }

  fetchBytes(pathname: string, options: FetchOptions): Promise<Fetched<Uint8Array>> {
    this.mediaRequests += 1;
    this.fetched.push(pathname);
    return this.answer(options, 'media', () => this.segment(pathname));
  }

  sequence(): number {
    if (this.fault.kind === 'frozen' || this.fault.kind === 'ended') return this.fault.atSequence;
    return this.firstSequence + this.made();
  }

  /** Number of the newest segment in the playlist. */
  newestSequence(): number {
    return this.sequence() + LISTED - 1;
  }

  freeze(): void {
    this.fault = { kind: 'frozen', atSequence: this.sequence() };
  }

  end(): void {
    this.fault = { kind: 'ended', atSequence: this.sequence() };
  }

  private made(): number {
    const made = Math.floor(this.clock.now() / this.targetMs);
    return made - (made % this.segmentsAtOnce);
  }

  private list(pathname: string): Answer<string> {
    const { shape } = this;
    const how = pathname.includes('_HLS_skip=YES') ? 'delta' : 'whole';
    const afterMs = this.wayMs() + this.untilStartedMs();
    const body = (text: string): Answer<string> => ({ kind: 'body', body: text, afterMs });
    if (shape.kind === 'plain') return body(this.playlist('', how));
    if (/\/index\.m3u8$/.test(pathname)) return body(this.master());
    if (shape.kind === 'multivariant') return body(this.playlist('', how));
    const found = this.sessions.find(pathname, shape.idleMs);
    if (found === null) {
      const refusal = shape.kind === 'pulled' ? 'http-404' : shape.refusal;
      if (refusal === 'master') return body(this.master());
      return refusal === 'empty' ? body('') : { kind: 'failed', cause: refusal, afterMs };
    }
    const query = `?session=${found.id}`;
    if (shape.kind === 'pulled') return body(this.pulledPlaylist(found.session.sequence, query));
    found.session.usedMs = this.clock.now();
    return body(this.playlist(query, how));
  }

  private segment(pathname: string): Answer<Uint8Array> {
    const { shape } = this;
    const media = /init/.test(pathname) ? (this.init ?? this.media) : this.media;
    const afterMs = this.wayMs();
    if (shape.kind !== 'sessions' && shape.kind !== 'pulled') return { kind: 'body', body: media, afterMs };
    const found = this.sessions.find(pathname, shape.idleMs);
    if (found === null) {
      const isStatus = shape.kind === 'sessions' && shape.refusal.startsWith('http-');
      return { kind: 'failed', cause: isStatus ? (shape.refusal as EvidenceCause) : 'http-404', afterMs };
    }
    found.session.usedMs = this.clock.now();
    if (shape.kind === 'pulled') {
      if (this.fault.kind === 'frozen') return { kind: 'failed', cause: 'http-404', afterMs: PULL_WAIT_MS };
      found.session.sequence += 1;
    }
    return { kind: 'body', body: media, afterMs };
  }

  /** A multivariant playlist, each of whose variants is the whole stream. */
  private master(): string {
    const { shape } = this;
    const address =
      shape.kind === 'sessions' || shape.kind === 'pulled' ? this.sessions.open() : 'stream.m3u8';
    const lines = this.variants.map(
      ([attributes, name]) => `#EXT-X-STREAM-INF:${attributes}\n${name}${address}`,
    );
    return `#EXTM3U\n${lines.join('\n')}\n`;
  }

  private pulledPlaylist(first: number, query: string): string {
    const segments = [first, first + 1].map((sequence) => `#EXTINF:0.500,\nsegment.ts${query}&n=${sequence}`);
    return `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:${first}\n${segments.join('\n')}\n`;
  }

  /** @param how `delta`: like a delta update from the gateway, which begins with a later segment and has no EXT-X-MAP */
  private playlist(query: string, how: 'whole' | 'delta'): string {
    const skipped = how === 'delta' ? SKIPPED : 0;
    const first = this.sequence() + skipped;
    const seconds = this.targetMs / 1000;
    const tag = how === 'delta' ? this.tag.replace(/#EXT-X-MAP.*\n/g, '') : this.tag;
    const head = `#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:${this.declaredS ?? Math.ceil(seconds)}\n${tag}#EXT-X-MEDIA-SEQUENCE:${first}\n`;
    if (this.fault.kind === 'no-bytes') return '';
    if (this.fault.kind === 'no-segments') return head;
    const segments = Array.from(
      { length: LISTED - skipped },
      (_, index) => `#EXTINF:${seconds},\n${first + index}.m4s${query}`,
    );
    const end = this.fault.kind === 'ended' ? '#EXT-X-ENDLIST\n' : '';
    return `${head}${segments.join('\n')}\n${this.parts(first + segments.length, query)}${end}`;
  }

  /** Parts of the segment that is being made; the first one begins with a key frame. */
  private parts(sequence: number, query: string): string {
    const { partMs } = this;
    if (partMs === null) return '';
    const made = Math.floor((this.clock.now() % this.targetMs) / partMs);
    const lines = Array.from(
      { length: made },
      (_, index) =>
        `#EXT-X-PART:DURATION=${partMs / 1000},URI="${sequence}.${index}.m4s${query}"${index === 0 ? ',INDEPENDENT=YES' : ''}`,
    );
    return `#EXT-X-PART-INF:PART-TARGET=${partMs / 1000}\n${lines.join('\n')}\n`;
  }

  private wayMs(): number {
    return Math.max(0, this.delayMs + this.jitterMs());
  }

  private untilStartedMs(): number {
    const nowMs = this.clock.now();
    if (nowMs - this.lastAskedMs > SOURCE_ENDS_MS) this.startedMs = nowMs + this.startMs;
    this.lastAskedMs = nowMs;
    return Math.max(0, this.startedMs - nowMs);
  }

  private answer<T>(
    { deadlineMs, signal }: FetchOptions,
    what: 'playlist' | 'media',
    made: () => Answer<T>,
  ): Promise<Fetched<T>> {
    this.open += 1;
    // The answer describes the time of the request: all of the delay is on the way back.
    const answered = made();
    return new Promise((resolve) => {
      const ends: (() => void)[] = [];
      const end = (fetched: Fetched<T>): void => {
        for (const cancel of ends) cancel();
        this.open -= 1;
        resolve(fetched);
      };
      const onAbort = (): void => end({ kind: 'aborted' });
      signal.addEventListener('abort', onAbort, { once: true });
      ends.push(() => signal.removeEventListener('abort', onAbort));
      ends.push(this.clock.after(deadlineMs, () => end({ kind: 'failed', cause: 'timeout' })));
      if (this.fault.kind === 'hang') return;
      ends.push(
        this.clock.after(answered.afterMs, () => {
          if (this.fault.kind === 'hang') return;
          if (this.fault.kind === 'fails' && (this.fault.only ?? what) === what)
            end({ kind: 'failed', cause: this.fault.cause, words: this.fault.words });
          else if (answered.kind === 'failed') end({ kind: 'failed', cause: answered.cause });
          else end({ kind: 'body', body: answered.body, elapsedMs: answered.afterMs });
        }),
      );
    });
  }
}
