import type { RequestName } from '../../shared/bridge.ts';
import type { Clock } from '../../shared/clock.ts';
import { systemClock } from '../host/system-clock.ts';
import { isLargerThan } from './input-size.ts';
import { REQUEST_LIMITS, type RequestLimit } from './request-limits.ts';
import { TokenBucket } from './token-bucket.ts';

export type Admission =
  /** `end` is to be called when the request has ended, with any result. */
  | { readonly kind: 'admitted'; readonly end: () => void }
  | { readonly kind: 'refused'; readonly words: string };

interface Use {
  readonly bucket: TokenBucket;
  running: number;
}

/** Limits the requests of each window. */
export class RequestQuota {
  private readonly clock: Clock;
  private readonly limits: Readonly<Record<RequestName, RequestLimit>>;
  private readonly windows = new Map<number, Map<RequestName, Use>>();

  constructor(clock: Clock = systemClock, limits = REQUEST_LIMITS) {
    this.clock = clock;
    this.limits = limits;
  }

  admit(windowId: number, name: RequestName, input: unknown): Admission {
    const { bytes, atOnce } = this.limits[name];
    const use = this.use(windowId, name);
    const waitMs = use.bucket.take();
    if (waitMs > 0) return refused(`it was asked for too often: again in ${durationWords(waitMs)}`);
    if (isLargerThan(input, bytes)) return refused(`its input is larger than ${bytes} bytes`);
    if (use.running >= atOnce)
      return refused(`${atOnce === 1 ? 'another one is' : `${atOnce} others are`} still being carried out`);
    use.running += 1;
    return {
      kind: 'admitted',
      end: () => {
        use.running -= 1;
      },
    };
  }

  private use(windowId: number, name: RequestName): Use {
    const window = this.windows.get(windowId) ?? new Map<RequestName, Use>();
    this.windows.set(windowId, window);
    const use = window.get(name) ?? { bucket: new TokenBucket(this.clock, this.limits[name]), running: 0 };
    window.set(name, use);
    return use;
  }
}

function refused(words: string): Admission {
  return { kind: 'refused', words };
}

function durationWords(ms: number): string {
  return ms < 1000 ? `${Math.ceil(ms)} ms` : `${Math.ceil(ms / 1000)} s`;
}
