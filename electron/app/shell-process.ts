import { type ConfigPlace, type ConfigStore, openConfigStore } from '../host/config-store.ts';
import { loginProblems, type SecretEnvironment } from '../host/gateway/site-credentials.ts';
import type { KeptData } from '../host/kept-data.ts';
import { keepToUser } from '../host/own-files.ts';

/** What both shells do with their process and their files before there is a window. */

/** Writes a line for whoever started the process. */
export function log(message: string): void {
  process.stderr.write(`holdfast: ${message}\n`);
}

/** @param onError called for an unexpected error, which does not end the process */
export function prepareProcess(onError: (error: unknown, kind: 'exception' | 'rejection') => void): void {
  // Written files may contain secrets, and who was shown when: no other user may read them.
  process.umask(0o077);
  // Neither a closed terminal, nor a log reader that ends, nor an unexpected error may end the pictures.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  process.on('uncaughtException', (error) => onError(error, 'exception'));
  process.on('unhandledRejection', (reason) => onError(reason, 'rejection'));
}

/** An unexpected error, for the log. */
export function unexpectedErrorWords(error: unknown): string {
  return `unexpected error, please report it: ${error instanceof Error ? error.stack : error}`;
}

/**
 * Opens the configuration, and logs the notices of the start.
 *
 * @param options notices: of the shell itself
 * @returns `store` is `null` where there is no configuration yet
 */
export async function openConfiguration(
  data: KeptData,
  options: {
    readonly place: ConfigPlace;
    readonly environment: SecretEnvironment;
    readonly notices: readonly (string | null)[];
  },
): Promise<{ readonly store: ConfigStore | null; readonly notices: readonly string[] }> {
  void keepToUser(data.folder, log);
  const opened = await openConfigStore({ ...options.place, log });
  const store = opened.kind === 'opened' ? opened.store : null;
  const notices = [data.notice, ...options.notices].filter((words) => words !== null);
  const warnings = [...notices, ...loginProblems(store?.state.config.sites ?? [], options.environment)];
  if (store !== null && store.state.notice !== null) warnings.push(store.state.notice);
  for (const warning of warnings) log(`warning: ${warning}`);
  return { store, notices };
}
