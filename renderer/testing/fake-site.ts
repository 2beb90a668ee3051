import type { EvidenceCause } from '../../shared/cause.ts';
import type { Clock } from '../playback/clock.ts';
import type { Fetched, FetchOptions, Transport } from '../playback/transport.ts';

export const FAKE_FRAME_MS = 66;
/** Segments in a playlist. */
const LISTED = 4;

export type FakeFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'frozen'; readonly atSequence: number }
  | {
      readonly kind: 'fails';
      readonly cause: EvidenceCause;
      readonly only?: 'media';
      /** What the gateway would say of it. */
      readonly words?: string;
    };

/** What the camera's copy at this site shows. `still`: a scene in which nothing moves; `skipped`: one that its encoder skips. */
export type FakePicture = 'moving' | 'still' | 'skipped' | 'frozen' | 'black';

/**
 * A site under virtual time: one live stream of `targetMs` segments, answered after `delayMs`. It counts the
 * requests that nobody has ended.
 */
export class FakeSite implements Transport {
  fault: FakeFault = { kind: 'none' };
  picture: FakePicture = 'moving';
  open = 0;
  playlistRequests = 0;
  /** From frame to frame of its pictures. */
  frameMs = FAKE_FRAME_MS;
  mediaRequests = 0;
  /** What a request for media is answered with. */
  media: Uint8Array;
  /** Media sequence at time 0; a restarted packager begins lower. */
  firstSequence = 100;
  /** Length of the parts that its newest segment is listed in; `null` without parts. A whole number of them is one. */
  partMs: number | null = null;
  /** What an answer takes more, or less, than `delayMs`. */
  jitterMs: () => number = () => 0;

  constructor(
    private readonly clock: Clock,
    readonly targetMs: number,
    media: Uint8Array,
    public delayMs = 5,
  ) {
    this.media = media;
  }

  fetchText(_pathname: string, options: FetchOptions): Promise<Fetched<string>> {
    this.playlistRequests += 1;
    return this.answer(options, 'playlist', () => this.playlist());
  }

  fetchBytes(_pathname: string, options: FetchOptions): Promise<Fetched<Uint8Array>> {
    this.mediaRequests += 1;
    return this.answer(options, 'media', () => this.media);
  }

  sequence(): number {
    if (this.fault.kind === 'frozen') return this.fault.atSequence;
    return this.firstSequence + Math.floor(this.clock.now() / this.targetMs);
  }

  /** Of the newest segment that the playlist lists. */
  newestSequence(): number {
    return this.sequence() + LISTED - 1;
  }

  freeze(): void {
    this.fault = { kind: 'frozen', atSequence: this.sequence() };
  }

  private playlist(): string {
    const first = this.sequence();
    const seconds = this.targetMs / 1000;
    const segments = Array.from(
      { length: LISTED },
      (_, index) => `#EXTINF:${seconds},\n${first + index}.m4s`,
    );
    return `#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:${Math.ceil(seconds)}\n#EXT-X-MEDIA-SEQUENCE:${first}\n${segments.join('\n')}\n${this.parts(first + segments.length)}`;
  }

  /** Of the segment that is being made; the first one begins with a key frame. */
  private parts(sequence: number): string {
    const { partMs } = this;
    if (partMs === null) return '';
    const made = Math.floor((this.clock.now() % this.targetMs) / partMs);
    const lines = Array.from(
      { length: made },
      (_, index) =>
        `#EXT-X-PART:DURATION=${partMs / 1000},URI="${sequence}.${index}.m4s"${index === 0 ? ',INDEPENDENT=YES' : ''}`,
    );
    return `#EXT-X-PART-INF:PART-TARGET=${partMs / 1000}\n${lines.join('\n')}\n`;
  }

  private answer<T>(
    { deadlineMs, signal }: FetchOptions,
    what: 'playlist' | 'media',
    body: () => T,
  ): Promise<Fetched<T>> {
    this.open += 1;
    const elapsedMs = Math.max(0, this.delayMs + this.jitterMs());
    // As it was asked: all of the delay is on the way back.
    const answered = body();
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
        this.clock.after(elapsedMs, () => {
          if (this.fault.kind === 'hang') return;
          if (this.fault.kind === 'fails' && (this.fault.only ?? what) === what)
            end({ kind: 'failed', cause: this.fault.cause, words: this.fault.words });
          else end({ kind: 'body', body: answered, elapsedMs });
        }),
      );
    });
  }
}
