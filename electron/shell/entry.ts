import { app } from 'electron';
import { applicationArguments, parseOptions } from '../app/options.ts';
import { KEEPER_VARIABLE } from '../app/surroundings.ts';
import { keepPackage } from '../keeper/keep-package.ts';

/**
 * Where Electron begins. It counts as loading for as long as this module awaits something, and is not `ready` before: neither a
 * keeper, which never is, nor main.ts, which has to do some things earlier, would come in time otherwise.
 */
if (keepsItself()) {
  const log = (message: string): void => {
    process.stderr.write(`holdfast: ${message}\n`);
  };
  process.stderr.on('error', () => {});
  process.on('uncaughtException', (error) => log(`the keeper goes on after an error: ${error.stack}`));
  app.exit(await keepPackage(log));
} else await import('./main.ts');

/**
 * A package has nobody else to keep it. Not on macOS, where the process that the desktop has started must be the one with the
 * window.
 */
function keepsItself(): boolean {
  return (
    app.isPackaged &&
    process.platform !== 'darwin' &&
    process.env[KEEPER_VARIABLE] === undefined &&
    parseOptions(applicationArguments(process.argv, 'packaged')).kind === 'run'
  );
}
