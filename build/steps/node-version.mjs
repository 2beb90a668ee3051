// @ts-check
import { SetUpError } from './command.mjs';

/**
 * The oldest Node that the set-up and npm's own scripts run on; package.json says the same in `engines`. The tests and other
 * tools need Node 24, which the set-up installs as the package `node`: `npm` and `npx` find it before the system's.
 */
const OLDEST = { major: 20, minor: 19 };

/**
 * @param {string} version As in `process.versions.node`.
 * @throws {SetUpError} When it is too old.
 */
export function checkNodeVersion(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return;
  throw new SetUpError(
    `needs Node ${OLDEST.major}.${OLDEST.minor} or newer, and this is ${version}: install a current one from https://nodejs.org`,
  );
}
