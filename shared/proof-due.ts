import type { Policies } from './config/config.ts';

/** Proof of life is due after this many target durations, or part targets (rule 4). */
const TARGETS = 1.5;
const PART_TARGETS = 3;
const LEAST_WITH_PARTS_MS = 500;

/**
 * Time from one move of the live edge until the next is due, by the observed target durations, ms (rule 4).
 * @param partTargetMs `null` without parts
 */
export function declaredDueMs(targetDurationMs: number, partTargetMs: number | null): number {
  return partTargetMs === null
    ? TARGETS * targetDurationMs
    : Math.max(LEAST_WITH_PARTS_MS, PART_TARGETS * partTargetMs);
}

/**
 * Reaction Time in words for one stream: "2 s segments: a silent stop is noticed after 3.0 s, changed by 4.0 s,
 * sooner if the picture would run out" (rule 4).
 */
export function reactionWords(
  targetDurationMs: number,
  partTargetMs: number | null,
  { reactionTimeMs, bridgeAtOnce }: Pick<Policies, 'reactionTimeMs' | 'bridgeAtOnce'>,
): string {
  const dueMs = declaredDueMs(targetDurationMs, partTargetMs);
  const pieces =
    partTargetMs === null
      ? `${Number((targetDurationMs / 1000).toFixed(1))} s segments`
      : `${Math.round(partTargetMs)} ms parts`;
  const sooner = bridgeAtOnce ? ', sooner if the picture would run out' : '';
  return `${pieces}: a silent stop is noticed after ${seconds(dueMs)}, changed by ${seconds(dueMs + reactionTimeMs)}${sooner}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
