import type { EvidenceCause } from '../../shared/cause.ts';
import type { Clock } from '../playback/clock.ts';

/** How a {@link FakeSite} hands out its stream. */
export type FakeShape =
  /** Its root is the media playlist. */
  | { readonly kind: 'plain' }
  /** Its root is a multivariant playlist that leads to the same media playlist each time. */
  | { readonly kind: 'multivariant' }
  /** Each request of the root opens a session, which ends when it was not used for `idleMs` (MediaMTX, SRS). */
  | {
      readonly kind: 'sessions';
      readonly idleMs: number;
      /** What a session that has ended is answered with. */
      readonly refusal: EvidenceCause | 'master' | 'empty';
    }
  /** Each session makes its media when that is fetched, counts from 0, and ends `idleMs` after its last segment (go2rtc). */
  | { readonly kind: 'pulled'; readonly idleMs: number };

interface Session {
  usedMs: number;
  /** Of a pulled one: the first segment that it lists. */
  sequence: number;
}

/** The sessions of one fake site. */
export class FakeSessions {
  private readonly sessions = new Map<string, Session>();
  opened = 0;

  constructor(private readonly clock: Clock) {}

  /** @returns the address of its media playlist, below the root's folder */
  open(): string {
    this.opened += 1;
    this.sessions.set(String(this.opened), { usedMs: this.clock.now(), sequence: 0 });
    return `stream.m3u8?session=${this.opened}`;
  }

  /** Sessions that have not ended. */
  alive(idleMs: number): number {
    return [...this.sessions.values()].filter(({ usedMs }) => this.clock.now() - usedMs <= idleMs).length;
  }

  /** The session that a request names, as long as it lives. */
  find(pathname: string, idleMs: number): { readonly id: string; readonly session: Session } | null {
    const id = /[?&]session=(\d+)/.exec(pathname)?.[1];
    const session = id === undefined ? undefined : this.sessions.get(id);
    if (id === undefined || session === undefined || this.clock.now() - session.usedMs > idleMs) return null;
    return { id, session };
  }

  /** As a server that is started anew: none of them is known any more. */
  endAll(): void {
    this.sessions.clear();
  }
}
