export interface GoalResult {
  readonly words: string;
  /** `not judged`: there is a figure, but less was measured than the goal asks for. */
  readonly verdict: 'met' | 'missed' | 'not judged' | 'not measured';
  /** What was measured, in words. */
  readonly measured: string;
  /** How many values it stands on. */
  readonly values: number;
}

/** How the goals stand, in one line: those that were missed with what was measured. */
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
