// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { capture, ROOT, SetUpError, say, toolNode } from './command.mjs';

/** Everything that `npm run build` reads. */
const SOURCES = [
  'electron',
  'renderer',
  'shared',
  'build',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];
/** File with the digest of the last build's sources. Every build empties its folder first, so that no older digest is left. */
const STAMP = join(ROOT, 'dist', 'electron', '.sources.sha256');

/** Builds `dist`, unless it was built from exactly these sources. */
export async function provideBuiltFiles() {
  const wanted = digestOf(ROOT, SOURCES);
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return;
  say('building …');
  const { code, output } = await capture(toolNode(), [join(ROOT, 'build', 'build.mjs')]);
  if (code !== 0) {
    process.stderr.write(output);
    throw new SetUpError('the build failed, for the reason above');
  }
  writeFileSync(STAMP, wanted);
}

/**
 * @param {string} root
 * @param {readonly string[]} sources Files and folders in `root`. Tests and benchmarks are left out, because they are not built.
 * @returns {string} A digest that changes with every change of a path or of a content, and with nothing else.
 */
export function digestOf(root, sources) {
  const digest = createHash('sha256');
  for (const source of sources) {
    for (const file of filesUnder(join(root, source))) {
      if (/\.(test|bench)\.tsx?$/.test(file)) continue;
      const content = readFileSync(file);
      digest.update(`${relative(root, file)}\0${content.length}\0`).update(content);
    }
  }
  return digest.digest('hex');
}

/**
 * @param {string} path
 * @returns {string[]} The files, in an order that does not depend on the file system.
 */
function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}
