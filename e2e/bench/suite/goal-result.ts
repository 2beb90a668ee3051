export interface GoalResult {
  readonly words: string;
  /** `not judged`: there is a figure, but less was measured than the goal needs. */
  readonly verdict: 'met' | 'missed' | 'not judged' | 'not measured';
  /** What was measured, in words. */
  readonly measured: string;
  /** Number of values that the verdict is based on. */
  readonly values: number;
}

/** The verdicts of the goals in one line. It lists missed goals with what was measured. */
export function goalsLine(goals: readonly GoalResult[]): string {
  if (goals.length === 0) return 'no goals are set';
  const counts = (['met', 'missed', 'not judged', 'not measured'] as const).flatMap((verdict) => {
    const count = goals.filter((goal) => goal.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdict}`];
  });
  const missed = goals.filter(({ verdict }) => verdict === 'missed');
  const told = missed.map(({ words, measured }) => `${words} (${measured})`).join('; ');
  return `goals: ${counts.join(', ')}${told === '' ? '' : `. Missed: ${told}`}`;
}
