import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { FileDeadline } from '../host/file-deadline.ts';
import { systemClock } from '../host/system-clock.ts';
import { EXIT_FAILURE } from './exit-codes.ts';

/** Length limit of a file's path in the messages between two starts, in characters. */
const MAX_PATH = 4096;
/** Time limit for following a file's links, in milliseconds: the message must not wait longer. */
const LOOK_MS = 2000;

const fileSchema = z.string().min(1).max(MAX_PATH);

/** The configuration of a running Holdfast; paths are absolute. */
export const configInUseSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('given'), file: fileSchema }),
  /** No file was given: the own one, in `file`, or the demo. */
  z.strictObject({ kind: z.literal('own'), file: fileSchema }),
]);
export type ConfigInUse = z.infer<typeof configInUseSchema>;

/** The message of a second start to the running Holdfast. */
export const secondStartSchema = z.strictObject({
  /** The configuration that it was given, absolute; `null` without one. */
  configFile: fileSchema.nullable(),
});
export type SecondStart = z.infer<typeof secondStartSchema>;

/** The file operations that are used; the machine's own by default. */
export interface Surroundings {
  readonly realpath: (file: string) => Promise<string>;
  /** Shared by all look-ups of files: however many starts there are, at most one of them hangs. */
  readonly deadline: FileDeadline;
}
const MACHINE: Surroundings = { realpath, deadline: new FileDeadline(systemClock) };

/**
 * The message with which a second start ends, and its exit code. A configuration that is not opened is always reported.
 * @param running the running one's configuration; `null` when it is unknown
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
 * The running Holdfast's notice about a second start whose configuration was not opened, for its log and window; `null`
 * when there was none.
 * @param message as it came from the second start
 * @param now in local time
 */
export async function refusalNotice(
  message: unknown,
  own: ConfigInUse,
  now: Date,
  surroundings = MACHINE,
): Promise<string | null> {
  const { data } = secondStartSchema.safeParse(message);
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

/** Links are followed. A missing file, or one on a share that does not answer, is compared by its name. */
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
