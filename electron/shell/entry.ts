import { app } from 'electron';
import { applicationArguments, parseOptions } from '../app/options.ts';
import { KEEPER_VARIABLE } from '../app/surroundings.ts';
import { keepPackage } from '../keeper/keep-package.ts';

/**
 * Electron's entry. Electron is not `ready` as long as this module awaits something. A keeper never gets `ready`, and
 * main.ts has to do some things before it; both would otherwise be too late.
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
 * Whether this process has to be its own keeper: a package has no other. On macOS it cannot, because there the process
 * that the desktop started must own the window.
 */
function keepsItself(): boolean {
  return (
    app.isPackaged &&
    process.platform !== 'darwin' &&
    process.env[KEEPER_VARIABLE] === undefined &&
    parseOptions(applicationArguments(process.argv, 'packaged')).kind === 'run'
  );
}
