import { parseArgs } from 'node:util';
import type { Extent } from './extent.ts';
import { SHELL_KINDS, type ShellKind } from './shell-versions.ts';
import type { Suite } from './suite.ts';

export interface SuiteOptions {
  readonly extent: Extent;
  /** Folder of the results, as the user gave it. */
  readonly out: string;
  readonly only: RegExp | null;
  /** Number of runs of each case. */
  readonly runs: number;
  readonly shell: ShellKind;
}

export type SuiteRequest =
  | { readonly kind: 'run'; readonly options: SuiteOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'invalid'; readonly message: string };

/** The part of a suite that its options depend on. */
export type OptionsOf = Pick<Suite<unknown, unknown>, 'name' | 'question' | 'extents' | 'runs' | 'shells'> & {
  readonly cases: (extent: Extent) => readonly { readonly id: string }[];
};

/** Highest number of runs of each case. More would take days. */
const MOST_RUNS = 1000;
/** Highest number of case names in a message. */
const MOST_NAMES = 8;

export function suiteHelp({ name, question, extents, runs, shells, cases }: OptionsOf): string {
  return `npm run bench -- ${name} [options]: ${question}

  --quick        ${extents.quick} (the default)
  --full         ${extents.full}
  --only REGEX   only cases whose name matches: ${cases('full')
    .slice(0, 3)
    .map(({ id }) => id)
    .join(', ')} and so on
  --runs N       runs of each case, 1 to ${MOST_RUNS} (default ${runs.quick} and ${runs.full}); --rounds N is the same
  --out DIR      folder of the results (default bench-results/${name}-quick or -full). A run that was ended goes on
                 where it was; results.jsonl and report.md are written there
  --shell NAME   ${shells.join(' or ')}: what shows the window
  --help         print this
`;
}

/** Reads the arguments after the suite's name. */
export function parseSuiteOptions(suite: OptionsOf, args: readonly string[]): SuiteRequest {
  let values: {
    quick?: boolean;
    full?: boolean;
    only?: string;
    runs?: string;
    rounds?: string;
    out?: string;
    shell?: string;
    help?: boolean;
  };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean' },
        full: { type: 'boolean' },
        only: { type: 'string' },
        runs: { type: 'string' },
        rounds: { type: 'string' },
        out: { type: 'string' },
        shell: { type: 'string' },
        help: { type: 'boolean' },
      },
    }));
  } catch (error) {
    return invalid(error instanceof Error ? error.message : String(error));
  }
  if (values.help === true) return { kind: 'help' };
  if (values.quick === true && values.full === true) return invalid('--quick and --full exclude each other');
  const extent = values.full === true ? 'full' : 'quick';
  const asked = values.runs ?? values.rounds;
  const runs = asked === undefined ? suite.runs[extent] : /^\d+$/.test(asked) ? Number(asked) : 0;
  if (runs < 1 || runs > MOST_RUNS)
    return invalid(
      `--${values.runs === undefined ? 'rounds' : 'runs'} needs a whole number from 1 to ${MOST_RUNS}; it was given "${asked}"`,
    );
  let only: RegExp | null = null;
  try {
    if (values.only !== undefined) only = new RegExp(values.only);
  } catch (error) {
    return invalid(`--only: ${error instanceof Error ? error.message : error}`);
  }
  const ids = suite.cases(extent).map(({ id }) => id);
  if (only !== null && !ids.some((id) => only.test(id)))
    return invalid(
      `--only: no case of the ${extent} run matches ${only}; there are ${ids.slice(0, MOST_NAMES).join(', ')}${ids.length > MOST_NAMES ? ` and ${ids.length - MOST_NAMES} more` : ''}${extent === 'quick' ? '; --full may have more' : ''}`,
    );
  if (values.out === '') return invalid('--out needs a folder, for instance --out bench-results/today');
  const shell = SHELL_KINDS.find((known) => known === (values.shell ?? 'electron'));
  if (shell === undefined)
    return invalid(`--shell needs ${SHELL_KINDS.join(' or ')}; it was given "${values.shell}"`);
  if (!suite.shells.includes(shell))
    return invalid(`${suite.name} is measured in ${suite.shells.join(' or ')} only, not in ${shell}`);
  return {
    kind: 'run',
    options: { extent, runs, only, out: values.out ?? `bench-results/${suite.name}-${extent}`, shell },
  };
}

function invalid(message: string): SuiteRequest {
  return { kind: 'invalid', message };
}
