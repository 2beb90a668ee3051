import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ResultsFile } from './results-file.ts';
import { suiteRecordSchema } from './suite-records.ts';
import { sampleEnvironment } from './testing/sample-environment.ts';
import { SAMPLE_SUITE, sampleRun } from './testing/sample-suite.ts';

const recordSchema = suiteRecordSchema(SAMPLE_SUITE.figures);

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-results-'));
  file = path.join(folder, 'new', 'results.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

describe('ResultsFile', () => {
  test('gives back what an earlier run has stored', async () => {
    const first = await ResultsFile.open(file, recordSchema);
    await first.append(sampleEnvironment());
    await first.append(sampleRun());
    const second = await ResultsFile.open(file, recordSchema);
    expect(second.records).toEqual([sampleEnvironment(), sampleRun()]);
  });

  test('cuts off a line that a run was ended in, and goes on behind the last whole one', async () => {
    const first = await ResultsFile.open(file, recordSchema);
    await first.append(sampleEnvironment());
    const whole = await readFile(file, 'utf8');
    await writeFile(file, `${whole}{"kind":"ru`);
    const second = await ResultsFile.open(file, recordSchema);
    await second.append(sampleRun());
    expect((await ResultsFile.open(file, recordSchema)).records).toEqual([sampleEnvironment(), sampleRun()]);
  });

  test('refuses another file, naming it and the line', async () => {
    await ResultsFile.open(file, recordSchema);
    await writeFile(file, `${JSON.stringify(sampleEnvironment())}\n{"kind":"run"}\n`);
    await expect(ResultsFile.open(file, recordSchema)).rejects.toThrow(
      /results\.jsonl is not a file .*: line 2: /,
    );
  });
});
