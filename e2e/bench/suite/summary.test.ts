import { describe, expect, test } from 'vitest';
import { type SuiteDigest, summaryMarkdown } from './summary.ts';
import { sampleEnvironment } from './testing/sample-environment.ts';

function digest(changes: Partial<SuiteDigest> = {}): SuiteDigest {
  return {
    name: 'sample',
    question: 'How many?',
    environment: sampleEnvironment(),
    at: '2026-01-01T00:00:00.000Z',
    runs: [{ machine: 'quiet' }],
    goals: [{ words: 'at least seven', verdict: 'missed', measured: '3', values: 1 }],
    text: '| figure | 3 |',
    ...changes,
  };
}

describe('summaryMarkdown', () => {
  test('has the figures of each suite, and how its goals stand', () => {
    const summary = summaryMarkdown([digest(), digest({ question: 'How long?', text: '| time | 5 |' })]);
    expect(summary).toContain('### How many?\n\n| figure | 3 |\n\n`sample`, 2026-01-01: goals: 1 missed.');
    expect(summary).toContain('Missed: at least seven (3)');
    expect(summary).toContain('### How long?\n\n| time | 5 |');
  });

  test('tells once what all were measured with', () => {
    const summary = summaryMarkdown([digest(), digest()]);
    expect(summary.match(/0123456789ab/g)).toHaveLength(1);
  });

  test('tells of each what it was measured with where that differs', () => {
    const other = sampleEnvironment({ commit: 'fedcba987654' });
    const summary = summaryMarkdown([digest(), digest({ environment: other })]);
    expect(summary).toContain('Of Holdfast 0.1.0, 0123456789ab (clean tree)');
    expect(summary).toContain('Of Holdfast 0.1.0, fedcba987654 (clean tree)');
  });

  test('warns of a disturbed suite', () => {
    expect(summaryMarkdown([digest({ runs: [{ machine: 'busy' }] })])).toContain('**In 1 of 1 runs others');
    expect(summaryMarkdown([digest()])).not.toContain('others kept');
  });

  test('says that there is nothing', () => {
    expect(summaryMarkdown([])).toBe('Nothing was measured yet.\n');
  });
});
