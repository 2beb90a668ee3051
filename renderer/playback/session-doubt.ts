import type { EvidenceCause } from '../../shared/cause.ts';
import type { Clock } from '../../shared/clock.ts';
import type { PlaylistSession } from './playlist-session.ts';

/** A session does not end again this soon after its renewal, ms. */
const SESSION_REST_MS = 10_000;
/** Longest wait for the playlist that renews the session, ms. */
const SESSION_PATIENCE_MS = 3000;

/**
 * Whether media may be refused because its session has ended. Then the playlist is requested at once, which renews the session,
 * and refusals until it has come are no evidence. Right after a renewal, a refusal is evidence.
 */
export class SessionDoubt {
  /** Since when media has been refused, perhaps by an ended session; `null` once a playlist has come. */
  private sinceMs: number | null = null;
  private renewedMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly session: Pick<PlaylistSession, 'mayBeOver'>,
    private readonly clock: Pick<Clock, 'now'>,
    private readonly askPlaylist: () => void,
  ) {}

  playlistCame(): void {
    if (this.sinceMs === null) return;
    this.sinceMs = null;
    this.renewedMs = this.clock.now();
  }

  /** @param cause why media was refused. @returns whether the refusal is no evidence yet */
  excuses(cause: EvidenceCause): boolean {
    if (!this.session.mayBeOver(cause)) return false;
    const nowMs = this.clock.now();
    if (this.sinceMs === null) {
      if (nowMs - this.renewedMs < SESSION_REST_MS) return false;
      this.sinceMs = nowMs;
      this.askPlaylist();
    }
    return nowMs - this.sinceMs < SESSION_PATIENCE_MS;
  }
}
