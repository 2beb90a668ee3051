// Builds everything that the application runs from, into dist/. Always all of it: it takes a few seconds.
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
process.env.NODE_ENV = 'production';

const startedMs = Date.now();
// In this order: the host's build empties dist/electron, the others add to it.
for (const part of ['host', 'preload', 'renderer'])
  await build({ configFile: path.join(root, 'build', `vite.${part}.config.ts`), logLevel: 'warn' });
await cp(path.join(root, 'electron/demo/clips'), path.join(root, 'dist/electron/clips'), { recursive: true });

console.log(`Built dist/ in ${((Date.now() - startedMs) / 1000).toFixed(1)} s.`);
