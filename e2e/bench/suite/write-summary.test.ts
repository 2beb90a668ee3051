import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ResultsFile } from './results-file.ts';
import { type SuiteRecord, suiteRecordSchema } from './suite-records.ts';
import { sampleEnvironment } from './testing/sample-environment.ts';
import { SAMPLE_SUITE, sampleRun } from './testing/sample-suite.ts';
import { digestOf } from './write-summary.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-summary-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function store(records: readonly SuiteRecord<number>[]): Promise<void> {
  const file = path.join(folder, 'sample-quick', 'results.jsonl');
  const results = await ResultsFile.open(file, suiteRecordSchema(SAMPLE_SUITE.figures));
  for (const record of records) await results.append(record);
}

describe('digestOf', () => {
  test('has nothing of a suite that was never run, or whose runs are not finished', async () => {
    expect(await digestOf(SAMPLE_SUITE, folder)).toBeNull();
    await store([sampleEnvironment()]);
    expect(await digestOf(SAMPLE_SUITE, folder)).toBeNull();
  });

  test('is of the newest build with a finished run, not of one that was ended before', async () => {
    await store([
      sampleEnvironment({ id: 'older', commit: 'aaaaaaaaaaaa' }),
      sampleRun({ environment: 'older', extent: 'quick' }),
      sampleEnvironment({ id: 'newer', commit: 'bbbbbbbbbbbb' }),
      sampleRun({ environment: 'newer', extent: 'quick', at: '2026-01-02T00:00:00.000Z' }),
      sampleEnvironment({ id: 'ended', commit: 'cccccccccccc' }),
    ]);
    const digest = await digestOf(SAMPLE_SUITE, folder);
    expect(digest).toMatchObject({
      environment: { commit: 'bbbbbbbbbbbb' },
      at: '2026-01-02T00:00:00.000Z',
      text: '1 counted',
    });
  });
});
