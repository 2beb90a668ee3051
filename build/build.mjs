// Builds everything that the application needs to run, into dist/. Each run builds all of it, which takes a few seconds.
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
process.env.NODE_ENV = 'production';

const startedMs = Date.now();
// The host comes first: its build empties dist/electron, and the build of the preload script adds a file to it.
for (const part of ['host', 'preload', 'renderer'])
  await build({ configFile: path.join(root, 'build', `vite.${part}.config.ts`), logLevel: 'warn' });
await cp(path.join(root, 'electron/demo/clips'), path.join(root, 'dist/electron/clips'), { recursive: true });

console.log(`Built dist/ in ${((Date.now() - startedMs) / 1000).toFixed(1)} s.`);
