import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Packages that shared/ may use: they need no platform. devtools-protocol has types only. */
const PLATFORM_FREE = new Set(['zod', 'devtools-protocol']);
/** Packages that only the tests of shared/ may use. hls.js is one of them: shared/ must read playlists and media as it does. */
const TEST_PACKAGES = new Set(['vitest', 'fast-check', 'hls.js']);

const SOURCE_FOLDERS = ['electron', 'renderer', 'shared', 'e2e', 'build'];
/** Entries of the top folder beside the source folders: what a reader begins with, and what configures tools. */
const ROOT_ENTRIES = [
  '.ci',
  '.editorconfig',
  '.git',
  '.github',
  '.gitignore',
  '.npmrc',
  '.nvmrc',
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'biome.json',
  'package-lock.json',
  'package.json',
  'playwright.config.ts',
  'tsconfig.json',
  'vitest.config.ts',
];
/** The rooms of renderer/, from the top. A room imports only rooms of the rows below its own. `main` is `main.tsx`. */
const ROOMS = [
  ['main'],
  ['viewer', 'settings'],
  ['tile'],
  ['words', 'window'],
  ['bridge'],
  ['playback'],
  ['ui'],
  ['stores', 'styles'],
];
/** Entries of the top folder that the tools write and git ignores. */
const PRODUCTS = [
  'bench-results',
  'dist',
  'holdfast-screens',
  'node_modules',
  'playwright-report',
  'release',
  'test-results',
];

/** Paths are relative to the top folder, with forward slashes. */
type Import = { readonly file: string } & (
  | { readonly kind: 'own'; readonly path: string }
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'node'; readonly name: string }
);

const imports = SOURCE_FOLDERS.flatMap((folder) => sourceFiles(folder)).flatMap(importsOf);

describe('the arrows: renderer -> shared <- electron', () => {
  test('the imports are really read', () => {
    expect(imports).toContainEqual({
      file: 'shared/bridge.ts',
      kind: 'own',
      path: 'shared/config/config.ts',
    });
    expect(imports).toContainEqual({ file: 'shared/config/config.ts', kind: 'package', name: 'zod' });
    expect(imports).toContainEqual({ file: 'build/arrows.test.ts', kind: 'node', name: 'node:fs' });
  });

  test.each(['renderer', 'electron'])('nothing outside of %s/ imports it', (folder) => {
    const fromOutside = imports.filter((found) => reaches(found, folder) && !isIn(found.file, folder));
    expect(
      fromOutside.filter(
        (found) =>
          !isRigsUseOfTheDemo(found) &&
          !isEnginesUseOfTheGateway(found) &&
          !isPeersUseOfTheMeter(found) &&
          !isSimulationsUseOfTheTiles(found) &&
          !isStartsUseOfTheKeeper(found),
      ),
    ).toEqual([]);
  });

  test.each(['renderer', 'electron', 'shared'])('%s/ imports nothing of e2e/ and build/', (folder) => {
    const fromHere = imports.filter(({ file }) => isIn(file, folder));
    expect(fromHere.filter((found) => reaches(found, 'e2e') || reaches(found, 'build'))).toEqual([]);
  });

  test('shared/ imports only itself, and no platform', () => {
    const offenders = imports.filter(
      (found) =>
        isIn(found.file, 'shared') &&
        !reaches(found, 'shared') &&
        !(found.kind === 'package' && PLATFORM_FREE.has(found.name)) &&
        !(isTest(found.file) && isForTests(found)),
    );
    expect(offenders).toEqual([]);
  });

  test('renderer/ imports no Node and no Electron', () => {
    const offenders = imports.filter(
      (found) =>
        isIn(found.file, 'renderer') && !isTest(found.file) && (found.kind === 'node' || isElectron(found)),
    );
    expect(offenders).toEqual([]);
  });

  test.each(['app', 'chromium', 'demo', 'host', 'keeper'])('electron/%s/ is plain Node', (folder) => {
    expect(imports.filter((found) => isIn(found.file, `electron/${folder}`) && isElectron(found))).toEqual(
      [],
    );
  });

  test('a room of renderer/ imports only rooms below its own', () => {
    const isUpwards = (found: Import): boolean => {
      if (isTest(found.file) || !isIn(found.file, 'renderer') || !reaches(found, 'renderer')) return false;
      const [from, to] = [roomOf(found.file), roomOf(found.kind === 'own' ? found.path : '')];
      return from !== to && levelOf(from) >= levelOf(to);
    };
    expect(imports.filter(isUpwards)).toEqual([]);
  });

  test('no module imports itself by way of others', () => {
    expect(circles()).toEqual([]);
  });
});

test('the top folder holds the five source folders, what a reader starts with, what configures tools, and nothing else', () => {
  const strange = readdirSync(ROOT).filter(
    (name) => !name.endsWith('.log') && ![...SOURCE_FOLDERS, ...ROOT_ENTRIES, ...PRODUCTS].includes(name),
  );
  expect(strange).toEqual([]);
});

test('package-lock.json records no download address, so that every machine asks its own registry', () => {
  expect(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
});

function sourceFiles(folder: string): string[] {
  if (!existsSync(path.join(ROOT, folder))) return [];
  return (
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => path.posix.join(folder, name.replaceAll(path.sep, '/')))
      // Some fixtures are MPEG transport streams, whose names end in .ts as well.
      .filter((name) => /\.(ts|tsx|mts|mjs|js)$/.test(name) && !name.includes('/fixtures/'))
  );
}

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const statements = /^\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?\s*['"]([^'"]+)['"]/gm;
  const calls = /\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/g;
  return [statements, calls].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, specifier = '']) => importFrom(file, specifier)),
  );
}

function importFrom(file: string, specifier: string): Import {
  if (specifier.startsWith('.'))
    return { file, kind: 'own', path: path.posix.join(path.posix.dirname(file), specifier) };
  if (isBuiltin(specifier)) return { file, kind: 'node', name: specifier };
  const [scope = '', name] = specifier.split('/');
  return { file, kind: 'package', name: scope.startsWith('@') ? `${scope}/${name}` : scope };
}

function roomOf(file: string): string {
  const [, room = ''] = file.split('/');
  return room.replace(/\.tsx?$/, '');
}

/** @throws for a room that {@link ROOMS} does not have */
function levelOf(room: string): number {
  const level = ROOMS.findIndex((row) => row.includes(room));
  if (level < 0) throw new Error(`renderer/${room} has no row in ROOMS`);
  return level;
}

/** Circles of imports. Each is a list of files that import the next one; the last file is the first one again. */
function circles(): string[][] {
  const importedBy = new Map<string, Import[]>();
  for (const found of imports) importedBy.set(found.file, [...(importedBy.get(found.file) ?? []), found]);
  const found: string[][] = [];
  const done = new Set<string>();
  const follow = (file: string, way: readonly string[]): void => {
    const before = way.indexOf(file);
    if (before >= 0) found.push([...way.slice(before), file]);
    if (before >= 0 || done.has(file)) return;
    for (const next of importedBy.get(file) ?? []) if (next.kind === 'own') follow(next.path, [...way, file]);
    done.add(file);
  };
  for (const file of importedBy.keys()) follow(file, []);
  return found;
}

function isIn(file: string, folder: string): boolean {
  return file.startsWith(`${folder}/`);
}

function reaches(found: Import, folder: string): boolean {
  return found.kind === 'own' && isIn(found.path, folder);
}

/** End-to-end tests and benchmarks run against the demo's origin, so that the project has only one. */
function isRigsUseOfTheDemo(found: Import): boolean {
  return isIn(found.file, 'e2e') && reaches(found, 'electron/demo');
}

/** The simulation runs the real tiles. It has no window, and uses the fakes of the renderer's tests instead. */
function isSimulationsUseOfTheTiles(found: Import): boolean {
  return isIn(found.file, 'e2e/simulation') && reaches(found, 'renderer');
}

/** The engine benchmark measures the gateway's function alone. */
function isEnginesUseOfTheGateway(found: Import): boolean {
  return (
    isIn(found.file, 'e2e/bench/engine') && found.kind === 'own' && found.path === 'electron/host/gateway.ts'
  );
}

/**
 * `npm start` imports the types of the keeper, and loads the keeper from the built files: it keeps the application running in the
 * same way as a package does.
 */
function isStartsUseOfTheKeeper(found: Import): boolean {
  return (
    found.file === 'build/start.mjs' &&
    found.kind === 'own' &&
    ['electron/keeper/keeper.ts', 'electron/keeper/kept-process.ts'].includes(found.path)
  );
}

/** The pages of the peers are measured with the viewer's gap meter. They use nothing else of the viewer. */
function isPeersUseOfTheMeter(found: Import): boolean {
  const meter = ['system-clock', 'frame-source', 'gap-meter'].map((name) => `renderer/playback/${name}.ts`);
  return isIn(found.file, 'e2e/bench/peers/pages') && found.kind === 'own' && meter.includes(found.path);
}

function isElectron(found: Import): boolean {
  return found.kind === 'package' && found.name === 'electron';
}

function isForTests(found: Import): boolean {
  return found.kind === 'node' || (found.kind === 'package' && TEST_PACKAGES.has(found.name));
}

function isTest(file: string): boolean {
  return /\.(test|bench)\.tsx?$|\/testing\//.test(file);
}
