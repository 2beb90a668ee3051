import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { TokenBucket } from './token-bucket.ts';

describe('a token bucket', () => {
  it('gives its burst immediately, and then says how long the next one has to wait', () => {
    const clock = new VirtualClock();
    const bucket = new TokenBucket(clock, { burst: 3, perS: 0.5 });
    expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 0]);
    expect(bucket.take()).toBe(2000);
    clock.tick(1500);
    expect(bucket.take()).toBe(500);
    clock.tick(500);
    expect(bucket.take()).toBe(0);
    expect(bucket.take()).toBe(2000);
  });

  it('holds no more than its burst, however long nothing was taken', () => {
    const clock = new VirtualClock();
    const bucket = new TokenBucket(clock, { burst: 2, perS: 10 });
    clock.tick(3_600_000);
    expect([bucket.take(), bucket.take()]).toEqual([0, 0]);
    expect(bucket.take()).toBeGreaterThan(0);
  });
});
