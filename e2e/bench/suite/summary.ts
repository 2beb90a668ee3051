import { type GoalResult, goalsLine } from './goal-result.ts';
import { loadParagraph } from './load-words.ts';
import { commitWords, shellWords } from './report-parts.ts';
import type { SuiteRun } from './suite.ts';
import type { Environment } from './suite-records.ts';

/** A suite in its most important figures. */
export interface SuiteDigest {
  readonly name: string;
  readonly question: string;
  readonly environment: Environment;
  /** When its first run began. */
  readonly at: string;
  readonly runs: readonly Pick<SuiteRun<unknown>, 'machine'>[];
  readonly goals: readonly GoalResult[];
  /** Markdown. */
  readonly text: string;
}

/** Content of summary.md: the most important figures of all suites, for other documents. It depends only on the digests. */
export function summaryMarkdown(digests: readonly SuiteDigest[]): string {
  const [first] = digests;
  if (first === undefined) return 'Nothing was measured yet.\n';
  const isOfAll = digests.every(
    ({ environment }) => originWords(environment) === originWords(first.environment),
  );
  const paragraphs = [
    `Quick runs${isOfAll ? ` of ${originWords(first.environment)}` : ''}. They show the order of magnitude: most figures stand on one or two runs. The full ones take hours.`,
  ];
  for (const { name, question, environment, at, runs, goals, text } of digests)
    paragraphs.push(
      `### ${question}`,
      text,
      [
        `\`${name}\`, ${at.slice(0, 10)}: ${goalsLine(goals)}.`,
        ...(isOfAll ? [] : [`Of ${originWords(environment)}.`]),
        ...(runs.every(({ machine }) => machine === 'quiet') ? [] : [loadParagraph(runs)]),
      ].join(' '),
    );
  return `${paragraphs.join('\n\n')}\n`;
}

function originWords(environment: Environment): string {
  const { holdfast, machine } = environment;
  return `Holdfast ${holdfast}, ${commitWords(environment)}, in ${shellWords(environment)}, on ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.os}`;
}
