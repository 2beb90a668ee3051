import type { RequestKind } from '../../electron/demo/faults.ts';
import type { OriginRequest } from '../../electron/demo/origin.ts';

/** Number of last whole seconds that are counted one by one: as long as a busy machine takes for a wall's return. */
const RECENT_S = 60;

export interface RequestsOfSecond {
  /** Start of this second, ms since 1970. */
  readonly fromMs: number;
  readonly requests: number;
}

/** Counts what one site is asked. */
export class RequestCounter {
  private readonly requests = new Map<string, Record<RequestKind, number>>();
  /** By whole seconds since 1970. */
  private readonly bySecond = new Map<number, number>();
  /** By a playlist's address, with the session in its query: when it was asked for in the last second, ms since 1970. */
  private readonly polls = new Map<string, number[]>();
  private readonly mostPolls = new Map<string, number>();
  /** By camera, ms since 1970. */
  private readonly latestMs = new Map<string, number>();
  private readonly longestSeenMs = new Map<string, number>();

  /** @param nowMs ms since 1970 */
  count({ camera, file, query, kind, pace }: OriginRequest, nowMs: number): void {
    if (kind === 'playlist' && pace === 'client') this.countPoll(camera, `${file}?${query}`, nowMs);
    this.longestSeenMs.set(camera, this.longestRest(camera, nowMs));
    this.latestMs.set(camera, nowMs);
    const counts = this.requests.get(camera) ?? { login: 0, playlist: 0, init: 0, media: 0 };
    counts[kind] += 1;
    this.requests.set(camera, counts);
    const second = Math.floor(nowMs / 1000);
    this.bySecond.set(second, (this.bySecond.get(second) ?? 0) + 1);
    for (const old of this.bySecond.keys()) if (old < second - RECENT_S) this.bySecond.delete(old);
  }

  get byCamera(): Record<string, Record<RequestKind, number>> {
    return Object.fromEntries([...this.requests].map(([camera, counts]) => [camera, { ...counts }]));
  }

  /** By camera, the most requests for one playlist of one session within any second, without those that the server paces. */
  get mostPollsPerS(): Record<string, number> {
    return Object.fromEntries(this.mostPolls);
  }

  /** By camera, the longest time without a request since the first one, ms. */
  longestRestMs(nowMs: number): Record<string, number> {
    return Object.fromEntries(
      [...this.latestMs.keys()].map((camera) => [camera, this.longestRest(camera, nowMs)]),
    );
  }

  private longestRest(camera: string, nowMs: number): number {
    return Math.max(this.longestSeenMs.get(camera) ?? 0, nowMs - (this.latestMs.get(camera) ?? nowMs));
  }

  private countPoll(camera: string, address: string, nowMs: number): void {
    const playlist = `${camera}/${address}`;
    const polls = (this.polls.get(playlist) ?? []).filter((atMs) => atMs > nowMs - 1000);
    polls.push(nowMs);
    this.polls.set(playlist, polls);
    this.mostPolls.set(camera, Math.max(this.mostPolls.get(camera) ?? 0, polls.length));
  }

  /** Requests in each of the last 60 whole seconds, the earliest first; the running one is left out. */
  recentPerS(nowMs: number): RequestsOfSecond[] {
    const second = Math.floor(nowMs / 1000);
    return Array.from({ length: RECENT_S }, (_, index) => {
      const told = second - RECENT_S + index;
      return { fromMs: told * 1000, requests: this.bySecond.get(told) ?? 0 };
    });
  }
}
