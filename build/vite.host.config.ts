import { builtinModules } from 'node:module';
import { defineConfig } from 'vite';
import { bundledPackages } from './steps/bundled-packages.mjs';

/**
 * Builds the host processes: `entry.js` and `main.js`, the Chromium shell, the keeper for `npm start`, the demo's child process and
 * the lists' worker thread. All dependencies are bundled, so that the packaged application has no `node_modules`. The target is
 * Node 20, the oldest runtime that is supported.
 */
export default defineConfig({
  publicDir: false,
  plugins: [bundledPackages()],
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'dist/electron',
    emptyOutDir: true,
    license: { fileName: 'licences.md' },
    minify: false,
    sourcemap: true,
    reportCompressedSize: false,
    rolldownOptions: {
      input: {
        entry: 'electron/shell/entry.ts',
        main: 'electron/shell/main.ts',
        keeper: 'electron/keeper/keeper.ts',
        'kept-process': 'electron/keeper/kept-process.ts',
        chromium: 'electron/chromium/main.ts',
        'demo-process': 'electron/demo/demo-process.ts',
        'list-worker': 'electron/host/gateway/list-worker.ts',
      },
      external: ['electron', /^node:/, ...builtinModules],
      // All files are in one folder: code that looks for files beside itself (`import.meta.url`) may be in an entry or in a chunk.
      output: { format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
  ssr: { noExternal: true },
});
