import { existsSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { bundledPackages } from './steps/bundled-packages.mjs';

/** One page for each kind of window. */
const PAGES = ['renderer/index.html', 'renderer/settings.html'].filter((page) => existsSync(page));

/**
 * Builds the web app. The shells serve only the pages and the files directly in `assets/` (electron/app/static-files.ts), so
 * `assets/` has no folders. The content security policy allows no `data:`, so nothing is inlined, hls.js's worker
 * (`import … from 'hls.js/dist/hls.worker.js?url'`) included.
 */
export default defineConfig({
  root: 'renderer',
  publicDir: false,
  base: '/',
  plugins: [react(), bundledPackages()],
  build: {
    target: 'chrome130',
    outDir: '../dist/renderer',
    emptyOutDir: true,
    license: { fileName: 'licences.md' },
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      input: PAGES,
      output: {
        entryFileNames: 'assets/[name]-[hash].js',
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  worker: { format: 'es' },
});
