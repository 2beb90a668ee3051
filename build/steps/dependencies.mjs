// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, ROOT, SetUpError, say, systemEnvironment } from './command.mjs';

/**
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lock
 */

/** Installs what package-lock.json names, unless node_modules already contains exactly that. */
export async function provideDependencies() {
  const wanted = readLock('package-lock.json');
  if (wanted === undefined)
    throw new SetUpError('package-lock.json is missing or damaged: git checkout package-lock.json');
  if (staleDependencies(wanted, readLock('node_modules/.package-lock.json')).length === 0) return;

  say('installing the dependencies (npm ci) …');
  const options = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await capture('npm', ['ci', ...options], systemEnvironment());
  if (code === 0) return;
  process.stderr.write(output);
  throw new SetUpError(
    'npm ci failed, for the reason above; behind a proxy: npm config set proxy http://host:port',
  );
}

/**
 * Compares what is installed with the lock. npm writes node_modules/.package-lock.json last, so an interrupted install and a
 * changed lock are differences. A developer's own `npm install` makes none.
 *
 * @param {Lock} wanted package-lock.json
 * @param {Lock | undefined} installed node_modules/.package-lock.json
 * @returns {string[]} The packages that are missing or of another version.
 */
export function staleDependencies(wanted, installed) {
  const have = installed?.packages ?? {};
  return Object.entries(wanted.packages ?? {})
    .filter(([path, locked]) => {
      if (path === '' || locked.link === true) return false;
      const found = have[path];
      // An optional package that is missing is for another platform.
      if (found === undefined) return locked.optional !== true && locked.devOptional !== true;
      return found.version !== locked.version;
    })
    .map(([path]) => path);
}

/**
 * @param {string} file
 * @returns {Lock | undefined}
 */
function readLock(file) {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
  } catch {
    return undefined;
  }
}
