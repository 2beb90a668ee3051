import { expect, test } from 'vitest';
import { sampleSuiteRun } from '../suite/testing/sample-suite-run.ts';
import { engineReport } from './engine-report.ts';

test('what the gateway adds is the median of what it added in each run', () => {
  const latencies = (medianMs: number) => ({ medianMs, p95Ms: 5, p99Ms: 9, perS: 1000 });
  const { sections } = engineReport(
    [
      [1, 2],
      [1, 4],
      [10, 10.5],
    ].map(([direct = 0, gateway = 0], index) =>
      sampleSuiteRun('gateway/node/playlist', index + 1, {
        kind: 'requests' as const,
        bytes: 600,
        direct: latencies(direct),
        gateway: latencies(gateway),
      }),
    ),
  );
  expect(sections.find(({ title }) => title === 'Gateway')?.text).toContain(
    '| gateway/node/playlist | 3 | 600 | 1.00 | 4.00 | +1.00 | 9.00 | 9.00 | 1000 | 1000 | 0.10 |',
  );
});

test('what was not measured is said to be so', () => {
  expect(engineReport([]).sections.map(({ text }) => text)).toEqual(Array(3).fill('Not measured.'));
});
