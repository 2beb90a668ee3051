import { parseArgs } from 'node:util';
import { DEFAULT_ROUNDS, type Extent, type Row, rowId, rowsOf } from './matrix.ts';
import type { ShellKind } from './wall-window.ts';

export interface GapOptions {
  readonly extent: Extent;
  /** Where results go; as given. */
  readonly out: string;
  readonly only: RegExp | null;
  /** Of each row. */
  readonly rounds: number;
  readonly shell: ShellKind;
}

export type GapRequest =
  | { readonly kind: 'run'; readonly options: GapOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'invalid'; readonly message: string };

/** More would be days. */
const MOST_ROUNDS = 1000;

export const GAP_HELP = `npm run bench -- gap [options]: how long a tile is without a new picture when a site fails

  --quick        the most telling rows, ${DEFAULT_ROUNDS.quick} rounds each, in under 10 minutes (the default)
  --full         every row, ${DEFAULT_ROUNDS.full} rounds each, in hours
  --only REGEX   only rows whose name matches, for instance --only '^plain-1s/9x/none/'
  --rounds N     rounds of each row, 1 to ${MOST_ROUNDS}
  --out DIR      folder of the results (default bench-results/gap-quick or -full). A run that was ended goes on
                 where it was; results.jsonl, summary.json, report.md and gap.svg are written there
  --help         print this
`;

/** Reads the arguments behind the suite's name. */
export function parseGapOptions(args: readonly string[]): GapRequest {
  let values: {
    quick?: boolean;
    full?: boolean;
    only?: string;
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
        rounds: { type: 'string' },
        out: { type: 'string' },
        shell: { type: 'string' },
        help: { type: 'boolean' },
      },
    }));
  } catch (error) {
    return invalid(`${error instanceof Error ? error.message : error}`);
  }
  if (values.help === true) return { kind: 'help' };
  if (values.quick === true && values.full === true) return invalid('--quick and --full exclude each other');
  const extent = values.full === true ? 'full' : 'quick';
  const rounds = values.rounds === undefined ? DEFAULT_ROUNDS[extent] : wholeNumber(values.rounds);
  if (!(rounds >= 1 && rounds <= MOST_ROUNDS))
    return invalid(`--rounds needs a whole number from 1 to ${MOST_ROUNDS}; it was given "${values.rounds}"`);
  const only = values.only === undefined ? null : regularExpression(values.only);
  if (typeof only === 'string') return invalid(`--only: ${only}`);
  if (rowsMatching(extent, only).length === 0)
    return invalid(
      `--only: no row of the ${extent} run matches ${only}; rows are named like ${rowsOf(extent).map(rowId)[0]}${extent === 'quick' ? '; --full has more' : ''}`,
    );
  if (values.out === '') return invalid('--out needs a folder, for instance --out bench-results/today');
  if (values.shell !== undefined && values.shell !== 'electron' && values.shell !== 'chromium')
    return invalid(`--shell needs electron or chromium; it was given "${values.shell}"`);
  return {
    kind: 'run',
    options: {
      extent,
      rounds,
      only,
      out: values.out ?? `bench-results/gap-${extent}`,
      shell: values.shell ?? 'electron',
    },
  };
}

export function rowsMatching(extent: Extent, only: RegExp | null): Row[] {
  return rowsOf(extent).filter((row) => only === null || only.test(rowId(row)));
}

function wholeNumber(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

function regularExpression(text: string): RegExp | string {
  try {
    return new RegExp(text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function invalid(message: string): GapRequest {
  return { kind: 'invalid', message };
}
