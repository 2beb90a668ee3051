import type { RequestKind } from '../../electron/demo/faults.ts';
import type { OriginRequest } from '../../electron/demo/origin.ts';

/** The last so many whole seconds are told one by one: as long as a busy machine takes for a wall's return. */
const RECENT_S = 60;

export interface RequestsOfSecond {
  /** When the second began, ms since 1970. */
  readonly fromMs: number;
  readonly requests: number;
}

/** Counts what one site is asked. */
export class RequestCounter {
  readonly #requests = new Map<string, Record<RequestKind, number>>();
  /** By whole seconds since 1970. */
  readonly #bySecond = new Map<number, number>();

  /** @param nowMs ms since 1970 */
  count({ camera, kind }: OriginRequest, nowMs: number): void {
    const counts = this.#requests.get(camera) ?? { login: 0, playlist: 0, init: 0, media: 0 };
    counts[kind] += 1;
    this.#requests.set(camera, counts);
    const second = Math.floor(nowMs / 1000);
    this.#bySecond.set(second, (this.#bySecond.get(second) ?? 0) + 1);
    for (const old of this.#bySecond.keys()) if (old < second - RECENT_S) this.#bySecond.delete(old);
  }

  get byCamera(): Record<string, Record<RequestKind, number>> {
    return Object.fromEntries([...this.#requests].map(([camera, counts]) => [camera, { ...counts }]));
  }

  /** Requests in each of the last 60 whole seconds, the earliest first; the running one is left out. */
  recentPerS(nowMs: number): RequestsOfSecond[] {
    const second = Math.floor(nowMs / 1000);
    return Array.from({ length: RECENT_S }, (_, index) => {
      const told = second - RECENT_S + index;
      return { fromMs: told * 1000, requests: this.#bySecond.get(told) ?? 0 };
    });
  }
}
