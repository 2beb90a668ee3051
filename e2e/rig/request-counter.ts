import type { RequestKind } from '../../electron/demo/faults.ts';
import type { OriginRequest } from '../../electron/demo/origin.ts';

/** Number of past seconds that are counted one by one. The return of a wall takes at most this time on a busy machine. */
const RECENT_S = 60;

export interface RequestsOfSecond {
  /** Start of this second, ms since 1970. */
  readonly fromMs: number;
  readonly requests: number;
}

/** Counts the requests to one site. */
export class RequestCounter {
  private readonly requests = new Map<string, Record<RequestKind, number>>();
  /** Requests by the second in which they came, in whole seconds since 1970. */
  private readonly bySecond = new Map<number, number>();
  /** Times of a playlist's polls in the last second, ms since 1970. The key is its address, with the session in the query. */
  private readonly polls = new Map<string, number[]>();
  private readonly mostPolls = new Map<string, number>();
  /** Time of the latest request by camera, ms since 1970. */
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

  /** By camera, the most polls of one playlist of one session within any second. Those that the server paces do not count. */
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

  /** Requests in each of the last {@link RECENT_S} whole seconds, the earliest first, without the current second. */
  recentPerS(nowMs: number): RequestsOfSecond[] {
    const second = Math.floor(nowMs / 1000);
    return Array.from({ length: RECENT_S }, (_, index) => {
      const told = second - RECENT_S + index;
      return { fromMs: told * 1000, requests: this.bySecond.get(told) ?? 0 };
    });
  }
}
