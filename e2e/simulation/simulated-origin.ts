import type { FakePicture } from '../../renderer/testing/fake-site.ts';
import type { EvidenceCause } from '../../shared/cause.ts';
import type { Random } from './random.ts';
import { type StreamFault, truthOf } from './simulated-faults.ts';

/** The encoding of a stream at its site. */
export interface Encoding {
  /** Target duration of its segments, ms. */
  readonly targetMs: number;
  /** Parts of a low-latency stream, ms; `null` without. Divides the target duration. */
  readonly partMs: number | null;
  /** Frame interval, ms. */
  readonly frameMs: number;
}

/**
 * Whether its playlist belongs to a session that a request for the stream's address opens, and the answer to an unknown
 * session: a failure, or the address of a new one. `pulled`: media is made for each session on request, and the live
 * edge does not move before.
 */
export type Sessions = 'none' | 'http-401' | 'http-404' | 'opened-anew' | 'pulled';

/** Media for the answers, whole and damaged. */
export interface MediaBytes {
  readonly whole: Uint8Array<ArrayBuffer>;
  readonly truncated: Uint8Array<ArrayBuffer>;
  readonly html: Uint8Array<ArrayBuffer>;
  readonly noise: Uint8Array<ArrayBuffer>;
}

export type Answer =
  | { readonly kind: 'never' }
  | { readonly kind: 'failed'; readonly cause: EvidenceCause; readonly afterMs: number }
  | { readonly kind: 'body'; readonly afterMs: number };

/** A live edge: media is available up to here. */
export interface Edge {
  readonly sequence: number;
  /** Complete parts of the segment after `sequence`. */
  readonly parts: number;
}

/** Share of a segment's duration that its transfer takes without a fault. */
const TRANSFER_SHARE = 0.04;
/** Segments in a playlist. */
export const SEGMENTS_LISTED = 4;

/**
 * One stream at its site: an abstract live edge, and the faults between it and a tile. Faults add up; the invariants
 * judge the tiles by the truth about the stream.
 */
export class Origin {
  private readonly faults = new Map<number, StreamFault>();
  private sequenceBase: number;
  private startedMs = 0;
  private frozenAt: Edge | null = null;
  private clockOffsetMs = 0;
  private changedMs = 0;
  private settled: 'fine' | 'unsure' | 'down' = 'fine';
  private unsureUntilMs = 0;
  private timeJumpedMs = Number.NEGATIVE_INFINITY;
  private sessionsEndedMs = Number.NEGATIVE_INFINITY;
  /** The unchanging part of its playlist. */
  private readonly head: string;
  private written = { sequence: -1, parts: 0, dateTimeMs: null as number | null, text: '' };

  constructor(
    /** Site, camera and quality, for people. */
    readonly name: string,
    readonly siteId: string,
    readonly cameraId: string,
    readonly encoding: Encoding,
    readonly sessions: Sessions,
    private readonly roundTripMs: number,
    random: Random,
  ) {
    this.sequenceBase = random.whole(1000, 9000);
    this.startedMs = -random.between(0, encoding.targetMs) - 60_000;
    const { targetMs, partMs } = encoding;
    this.head = [
      '#EXTM3U',
      '#EXT-X-VERSION:6',
      `#EXT-X-TARGETDURATION:${Math.ceil(targetMs / 1000)}`,
      ...(partMs === null ? [] : [`#EXT-X-PART-INF:PART-TARGET=${partMs / 1000}`]),
      '',
    ].join('\n');
  }

  strike(id: number, fault: StreamFault, nowMs: number): void {
    if (fault.kind === 'restart') {
      this.sequenceBase = Math.max(0, this.sequenceBase - 900);
      this.startedMs = nowMs - SEGMENTS_LISTED * this.encoding.targetMs;
      // Its window starts again: earlier media is gone.
      this.unsureUntilMs = nowMs;
    }
    if (fault.kind === 'time-jump') this.timeJumpedMs = nowMs;
    const endsSessions = fault.kind === 'sessions-end' || (fault.kind === 'restart' && this.isPulled());
    if (endsSessions) this.sessionsEndedMs = nowMs;
    if (fault.kind === 'clock-jump') this.clockOffsetMs += fault.byMs;
    if (fault.kind === 'frozen-playlist') this.frozenAt ??= this.edge(nowMs);
    this.faults.set(id, fault);
    this.note(nowMs);
  }

  heal(id: number, nowMs: number): void {
    this.faults.delete(id);
    if (!this.has('frozen-playlist')) this.frozenAt = null;
    this.note(nowMs);
  }

  /** Its true state, and since when; a tile may learn it some time later. */
  truth(): { readonly is: 'fine' | 'unsure' | 'down'; readonly sinceMs: number } {
    return { is: this.settled, sinceMs: this.changedMs };
  }

  isPulled(): boolean {
    return this.sessions === 'pulled';
  }

  /** Whether nothing new comes from its camera. */
  stands(): boolean {
    return this.has('frozen-playlist');
  }

  /** Whether a player's frames stop although media comes in. */
  pictureStalls(): boolean {
    return this.has('picture-stall');
  }

  /** The content of its decoded frames. */
  picture(): FakePicture {
    if (this.has('black-picture')) return 'black';
    return this.has('frozen-picture') ? 'frozen' : 'moving';
  }

  undecodable(): boolean {
    return this.has('undecodable');
  }

  unreadable(): boolean {
    return this.has('unreadable');
  }

  /** Whether its site sends what no player can show. */
  isUnplayable(): boolean {
    return this.undecodable() || this.unreadable();
  }

  /** Whether the time in its media has jumped since `atMs`. */
  hasJumpedSince(atMs: number): boolean {
    return this.timeJumpedMs > atMs;
  }

  /** Whether the server has forgotten a session that was opened at `openedMs`. */
  hasForgotten(openedMs: number): boolean {
    return this.sessionsEndedMs >= openedMs;
  }

  servesPlaylists(): boolean {
    return !this.has('not-a-playlist');
  }

  mediaIsBad(): boolean {
    return this.has('bad-media');
  }

  edge(nowMs: number): Edge {
    if (this.frozenAt !== null) return this.frozenAt;
    const { targetMs, partMs } = this.encoding;
    const elapsedMs = nowMs - this.startedMs;
    const segments = Math.floor(elapsedMs / targetMs);
    return {
      sequence: this.sequenceBase + segments - 1,
      parts: partMs === null ? 0 : Math.floor((elapsedMs - segments * targetMs) / partMs),
    };
  }

  /**
   * Program date-time of the start of a segment, ms since 1970 of the site's clock; `null` without.
   * @param epochZeroMs time of a correct clock at virtual time 0
   */
  dateTimeMs(sequence: number, epochZeroMs: number): number | null {
    if (this.isPulled() || this.has('no-date-time')) return null;
    const { targetMs } = this.encoding;
    return epochZeroMs + this.clockOffsetMs + this.startedMs + (sequence - this.sequenceBase) * targetMs;
  }

  playlist(nowMs: number, epochZeroMs: number): string {
    if (!this.servesPlaylists()) return '<html><body>Sign in</body></html>';
    const edge = this.edge(nowMs);
    const first = edge.sequence - SEGMENTS_LISTED + 1;
    const dateTimeMs = this.dateTimeMs(first, epochZeroMs);
    const { written } = this;
    const isSame = written.sequence === edge.sequence && written.parts === edge.parts;
    if (isSame && written.dateTimeMs === dateTimeMs) return written.text;
    const { targetMs, partMs } = this.encoding;
    let text = `${this.head}#EXT-X-MEDIA-SEQUENCE:${first}\n`;
    if (dateTimeMs !== null) text += `#EXT-X-PROGRAM-DATE-TIME:${new Date(dateTimeMs).toISOString()}\n`;
    for (let sequence = first; sequence <= edge.sequence; sequence += 1)
      text += `#EXTINF:${targetMs / 1000},\n${sequence}.ts\n`;
    for (let part = 0; part < edge.parts; part += 1)
      text += `#EXT-X-PART:DURATION=${(partMs ?? 0) / 1000},URI="${edge.sequence + 1}.${part}.ts",INDEPENDENT=YES\n`;
    this.written = { sequence: edge.sequence, parts: edge.parts, dateTimeMs, text };
    return text;
  }

  media(bytes: MediaBytes): Uint8Array<ArrayBuffer> {
    for (const fault of this.faults.values()) if (fault.kind === 'bad-media') return bytes[fault.bytes];
    return bytes.whole;
  }

  /**
   * @param durationMs of the requested media; 0 for a playlist
   * @param random that of the requesting tile: the requests of one tile change nothing for another
   */
  answer(what: 'playlist' | 'media', durationMs: number, random: Random): Answer {
    let afterMs = this.roundTripMs * random.between(0.8, 1.4) + TRANSFER_SHARE * durationMs;
    for (const fault of this.faults.values()) {
      switch (fault.kind) {
        case 'silent':
          return { kind: 'never' };
        case 'fails':
          if ((fault.only ?? what) === what) return { kind: 'failed', cause: fault.cause, afterMs };
          break;
        case 'fails-late':
          return { kind: 'failed', cause: fault.cause, afterMs: fault.afterMs };
        case 'lossy':
          if (random.chance(fault.probability)) return { kind: 'never' };
          break;
        case 'late':
          afterMs += fault.extraMs * random.between(0.5, 1.5);
          break;
        case 'too-slow':
          if (what === 'media') afterMs = Math.max(afterMs, fault.factor * durationMs);
          break;
        default:
          break;
      }
    }
    return { kind: 'body', afterMs };
  }

  private has(kind: StreamFault['kind']): boolean {
    for (const fault of this.faults.values()) if (fault.kind === kind) return true;
    return false;
  }

  private note(nowMs: number): void {
    let is: 'fine' | 'unsure' | 'down' = 'fine';
    for (const fault of this.faults.values()) {
      // However long a segment of a pull-driven site takes, it contains all pictures that came meanwhile.
      const means = this.isPulled() && fault.kind === 'too-slow' ? 'unsure' : truthOf(fault);
      if (means === 'down' || is === 'fine') is = means;
    }
    if (is === this.settled && this.unsureUntilMs !== nowMs) return;
    this.settled = is;
    this.changedMs = nowMs;
  }
}
