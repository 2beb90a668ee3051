import type { JournalHealth } from '../../shared/journal/journal-health.ts';

/** The message about the journal at the top of the window; `null` when it is healthy. */
export function journalHealthWords(health: JournalHealth): string | null {
  if (health.kind === 'writing')
    return health.lostEntries === 0
      ? null
      : `The journal is written again. ${lines(health.lostEntries)} from before ${is(health.lostEntries)} lost.`;
  const lost =
    health.lostEntries === 0
      ? ''
      : ` ${lines(health.lostEntries)} before them ${is(health.lostEntries)} lost.`;
  return `The journal cannot be written: ${health.problem}. ${lines(health.keptEntries)} ${is(health.keptEntries)} kept in memory until it can.${lost}`;
}

function lines(count: number): string {
  return count === 1 ? '1 line' : `${count} lines`;
}

function is(count: number): string {
  return count === 1 ? 'is' : 'are';
}
