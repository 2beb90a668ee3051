import type { EvidenceCause } from '../../shared/cause.ts';
import type { Clock } from './clock.ts';
import type { PlaylistSession } from './playlist-session.ts';

/** A session does not end again so soon after its renewal, ms. */
const SESSION_REST_MS = 10_000;
/** For so long a playlist that renews the session is waited for, ms. */
const SESSION_PATIENCE_MS = 3000;

/**
 * Whether media may be refused because its session has ended: then the playlist is asked at once, which renews the session, and what is
 * refused until it has come is no evidence. Just after a renewal a refusal is evidence.
 */
export class SessionDoubt {
  /** Since when media has been refused as that of an ended session; `null` once a playlist has come. */
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

  /** @param cause why media was refused */
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
