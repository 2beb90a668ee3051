import type { ReactNode, Ref } from 'react';
import { causeWords } from '../../shared/cause-words.ts';
import type { JournalFilter } from '../../shared/journal/journal-filter.ts';
import type { JournalNames } from '../words/journal-line.ts';

/** The filter for the host, and the words to find in the lines that it returns. */
export interface JournalQuestion {
  readonly camera: string | null;
  readonly site: string | null;
  readonly kind: Kind | null;
  readonly cause: string | null;
  readonly text: string;
  /** `null` for the whole journal. */
  readonly period: Period | null;
}

type Kind = NonNullable<JournalFilter['kind']>;

/** The latest hours, this many. */
type Period = '1' | '24' | '168';

export const EVERYTHING: JournalQuestion = {
  camera: null,
  site: null,
  kind: null,
  cause: null,
  text: '',
  period: null,
};

const PERIODS: readonly (readonly [Period, string])[] = [
  ['1', 'The last hour'],
  ['24', 'The last 24 hours'],
  ['168', 'The last 7 days'],
];
const KINDS = [
  ['change', 'Changes'],
  ['alarm', 'Alarms'],
  ['acknowledged', 'Acknowledgements'],
] as const satisfies readonly (readonly [Kind, string])[];

/** The causes that say most about a site; others can be found by their words. */
const CAUSES = [
  'refused',
  'reset',
  'timeout',
  'unreachable',
  'http-401',
  'http-403',
  'http-404',
  'http-500',
  'http-503',
  'stalled',
  'too-slow',
  'decode',
  'codec-h265',
  'no-video',
  'encryption',
  'no-key',
  'no-media-yet',
  'ended',
  'picture-stall',
  'frozen',
  'black',
  'failback',
  'maintenance',
  'priority-changed',
  'manual',
  'renewed',
] as const;

/** The part of the question that the host answers. */
export function filterOf({ camera, site, kind, cause, period }: JournalQuestion, now: Date): JournalFilter {
  return {
    ...(camera === null ? {} : { camera }),
    ...(site === null ? {} : { site }),
    ...(kind === null ? {} : { kind }),
    ...(cause === null ? {} : { cause }),
    ...(period === null ? {} : { from: new Date(now.getTime() - Number(period) * 3_600_000).toISOString() }),
  };
}

interface Props {
  readonly names: JournalNames;
  readonly question: JournalQuestion;
  readonly textRef: Ref<HTMLInputElement>;
  ask(question: JournalQuestion): void;
}

export function JournalFilters({ names, question, textRef, ask }: Props): ReactNode {
  return (
    <div className="journal-filters">
      <input
        ref={textRef}
        className="field"
        type="search"
        placeholder="Filter by words"
        aria-label="Filter the journal"
        value={question.text}
        onChange={(event) => ask({ ...question, text: event.target.value })}
      />
      <Choice
        label="Camera"
        any="Any camera"
        value={question.camera}
        options={names.cameras.map(({ id, number, name }) => [id, `${number} ${name}`])}
        choose={(camera) => ask({ ...question, camera })}
      />
      <Choice
        label="Site"
        any="Any site"
        value={question.site}
        options={names.sites.map(({ id, name }) => [id, name])}
        choose={(site) => ask({ ...question, site })}
      />
      <Choice
        label="Kind"
        any="Everything"
        value={question.kind}
        options={KINDS}
        choose={(kind) => ask({ ...question, kind })}
      />
      <Choice
        label="Cause"
        any="Any cause"
        value={question.cause}
        options={CAUSES.map((cause) => [cause, causeWords(cause)])}
        choose={(cause) => ask({ ...question, cause })}
      />
      <Choice
        label="Time"
        any="Any time"
        value={question.period}
        options={PERIODS}
        choose={(period) => ask({ ...question, period })}
      />
    </div>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly any: string;
  readonly value: T | null;
  readonly options: readonly (readonly [value: T, words: string])[];
  /** Called with `null` for any value. */
  choose(value: T | null): void;
}

function Choice<T extends string>({ label, any, value, options, choose }: ChoiceProps<T>): ReactNode {
  return (
    <select
      className="field"
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => choose(options.find(([key]) => key === event.target.value)?.[0] ?? null)}
    >
      <option value="">{any}</option>
      {options.map(([key, words]) => (
        <option key={key} value={key}>
          {words}
        </option>
      ))}
    </select>
  );
}
