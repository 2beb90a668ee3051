import { inUnits } from './format-figure.ts';
import { median, quantile } from './statistics.ts';
import type { MachineState, SuiteRun } from './suite.ts';

/** Share of the machine's cores above which the load by others changes the figures. */
const MOST_OTHERS_SHARE = 0.1;

/**
 * @param othersCores number of cores that others kept busy; `null` where the system does not report it
 * @param cores number of the machine's cores
 */
export function machineState(othersCores: number | null, cores: number): MachineState {
  if (othersCores === null) return 'unknown';
  return othersCores > cores * MOST_OTHERS_SHARE ? 'busy' : 'quiet';
}

/** Words for the load by others in one run. */
export function loadWords(othersCores: number | null, cores: number): string {
  if (othersCores === null) return 'not told by this system';
  const words = `${inUnits(othersCores, 2)} cores`;
  return machineState(othersCores, cores) === 'busy' ? `${words}: TOO HIGH` : words;
}

/** The head of the column that {@link loadCell} fills. */
export const LOAD_HEAD = 'others, cores';

/** Load by others in the runs of a table's row: the median, in bold if the load was too high in a run. */
export function loadCell(runs: readonly Pick<SuiteRun<unknown>, 'othersCores' | 'machine'>[]): string {
  const known = runs.map(({ othersCores }) => othersCores).filter((cores) => cores !== null);
  const middle = inUnits(median(known), 2);
  const busy = runs.filter(({ machine }) => machine === 'busy').length;
  if (busy === 0) return middle;
  if (runs.length === 1) return `**${middle}: too high**`;
  return `**${middle}, in ${busy} of ${runs.length} runs too high (${inUnits(quantile(known, 1), 2)})**`;
}

/** The report's paragraph about the load, above all figures. */
export function loadParagraph(runs: readonly Pick<SuiteRun<unknown>, 'machine'>[]): string {
  const busy = runs.filter(({ machine }) => machine === 'busy').length;
  if (runs.length === 0 || runs.every(({ machine }) => machine === 'unknown'))
    return 'Nothing is known of the load by others.';
  const limit = `${MOST_OTHERS_SHARE * 100} % of the machine’s cores`;
  return busy === 0
    ? `In every run others kept at most ${limit} busy.`
    : `**In ${busy} of ${runs.length} runs others kept more than ${limit} busy: their figures are not to be trusted.**`;
}
