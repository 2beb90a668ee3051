import fc from 'fast-check';
import { expect, it } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { ProofTimer } from './proof-timer.ts';

it('reports an unanswered request once, whatever fractions the times have', async () => {
  const fraction = fc.double({ min: 0, max: 5000, noNaN: true });
  await fc.assert(
    fc.asyncProperty(fraction, fraction, fraction, async (fromMs, dueInMs, patienceMs) => {
      const clock = new VirtualClock();
      clock.block(fromMs);
      let askedMs: number | null = null;
      const silences: number[] = [];
      const timer = new ProofTimer(clock, {
        onDue: () => {
          askedMs = clock.now();
          return 0;
        },
        silentMs: () => (askedMs === null ? null : clock.now() - askedMs),
        onSilence: () => silences.push(clock.now()),
        patienceMs: () => patienceMs,
      });
      timer.setDue(clock.now() + dueInMs);
      await clock.advance(20_000);
      expect(silences).toHaveLength(1);
      expect(Math.abs((silences[0] ?? 0) - fromMs - dueInMs - patienceMs)).toBeLessThan(2);
    }),
  );
});
