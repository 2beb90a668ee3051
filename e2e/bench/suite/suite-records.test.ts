import { describe, expect, test } from 'vitest';
import { parseRecords } from './results-file.ts';
import { suiteRecordSchema } from './suite-records.ts';
import { sampleEnvironment } from './testing/sample-environment.ts';
import { SAMPLE_SUITE, sampleRun } from './testing/sample-suite.ts';

const schema = suiteRecordSchema(SAMPLE_SUITE.figures);

describe('the records of a suite', () => {
  test('are read as they were written', () => {
    const records = [sampleEnvironment(), sampleRun()];
    const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    expect(parseRecords(text, schema).records).toEqual(records);
  });

  test('are refused with the figures of another suite', () => {
    const text = `${JSON.stringify({ ...sampleRun(), figures: { kind: 'start' } })}\n`;
    expect(() => parseRecords(text, schema)).toThrow(/line 1: figures: /);
  });
});
