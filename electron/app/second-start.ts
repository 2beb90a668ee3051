import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { systemClock } from '../host/clock.ts';
import { FileDeadline } from '../host/file-deadline.ts';
import { EXIT_FAILURE } from './exit-codes.ts';

/** The longest path of a file that is told between two starts, in characters. */
const MAX_PATH = 4096;
/** How long it may take to look where a file's name leads, in milliseconds: there are words to be said. */
const LOOK_MS = 2000;

const fileSchema = z.string().min(1).max(MAX_PATH);

/** Which configuration a running Holdfast was started with; paths are absolute. */
export const configInUseSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('given'), file: fileSchema }),
  /** None was given: the own one, in `file`, or the demo. */
  z.strictObject({ kind: z.literal('own'), file: fileSchema }),
]);
export type ConfigInUse = z.infer<typeof configInUseSchema>;

/** What a second start tells the running Holdfast. */
export const secondStartSchema = z.strictObject({
  /** The configuration that it was to open, absolute; `null` when none was named. */
  configFile: fileSchema.nullable(),
});
export type SecondStart = z.infer<typeof secondStartSchema>;

/** What a look at files needs; the machine's own by default. */
export interface Surroundings {
  readonly realpath: (file: string) => Promise<string>;
  /** Of all looks: however many starts there are, one look hangs at most. */
  readonly deadline: FileDeadline;
}
const MACHINE: Surroundings = { realpath, deadline: new FileDeadline(systemClock) };

/**
 * What a second start says before it ends, and with which exit code: a configuration that is not opened is never passed
 * over in silence.
 *
 * @param running the running one's configuration; `null` when that is not to be learnt
 */
export async function endOfSecondStart(
  { configFile }: SecondStart,
  running: ConfigInUse | null,
  surroundings = MACHINE,
): Promise<{ readonly words: string; readonly exitCode: number }> {
  const ownFolder = 'a second one needs a --user-data-dir=DIR of its own';
  if (configFile === null || (running !== null && (await isSameFile(configFile, running.file, surroundings))))
    return { words: `already running: its window was brought to the front (${ownFolder})`, exitCode: 0 };
  return {
    words: `${configFile} was not opened: Holdfast is already running, with ${wordsFor(running)}. End it first (${ownFolder}).`,
    exitCode: EXIT_FAILURE,
  };
}

/**
 * What the running Holdfast says, in its log and its window, of a second start whose configuration was not opened;
 * `null` when there was none.
 *
 * @param told as it came from the second start
 * @param now in local time
 */
export async function refusalNotice(
  told: unknown,
  own: ConfigInUse,
  now: Date,
  surroundings = MACHINE,
): Promise<string | null> {
  const { data } = secondStartSchema.safeParse(told);
  const asked = data?.configFile ?? null;
  if (asked === null || (await isSameFile(asked, own.file, surroundings))) return null;
  // A line break in a name must not begin a line of the log.
  const file = asked.replace(/\p{Cc}/gu, '?');
  return `At ${now.toLocaleTimeString('en-GB')} Holdfast was started a second time, with ${file}. That was not opened: this window goes on with what it shows.`;
}

function wordsFor(running: ConfigInUse | null): string {
  switch (running?.kind) {
    case 'given':
      return running.file;
    case 'own':
      return 'its own configuration or the demo';
    case undefined:
      return 'another configuration';
  }
}

/** By way of links; a file that is not there, or on a share that does not answer, is the one of its name. */
async function isSameFile(
  one: string,
  other: string,
  { realpath, deadline }: Surroundings,
): Promise<boolean> {
  if (path.resolve(one) === path.resolve(other)) return true;
  const real = (file: string): Promise<string> =>
    deadline.run(() => realpath(file), LOOK_MS).catch(() => path.resolve(file));
  return (await real(one)) === (await real(other));
}
