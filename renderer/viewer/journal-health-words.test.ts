import { expect, it } from 'vitest';
import type { JournalHealth } from '../../shared/journal/journal-health.ts';
import { journalHealthWords } from './journal-health-words.ts';

it.each<[JournalHealth, string | null]>([
  [{ kind: 'writing', lostEntries: 0 }, null],
  [{ kind: 'writing', lostEntries: 1 }, 'The journal is written again. 1 line from before is lost.'],
  [
    { kind: 'failing', problem: 'the disk is full', keptEntries: 12, lostEntries: 0 },
    'The journal cannot be written: the disk is full. 12 lines are kept in memory until it can.',
  ],
  [
    { kind: 'failing', problem: 'the disk is full', keptEntries: 10_000, lostEntries: 3 },
    'The journal cannot be written: the disk is full. 10000 lines are kept in memory until it can. 3 lines before them are lost.',
  ],
])('%j', (health, words) => {
  expect(journalHealthWords(health)).toBe(words);
});
