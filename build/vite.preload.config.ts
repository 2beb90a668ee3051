import { defineConfig } from 'vite';

/** The preload script: one CommonJS file, because a sandboxed preload script can neither import nor require files. */
export default defineConfig({
  publicDir: false,
  build: {
    ssr: true,
    target: 'chrome130',
    outDir: 'dist/electron',
    emptyOutDir: false,
    minify: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: { preload: 'electron/shell/preload.ts' },
      external: ['electron'],
      output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
    },
  },
  ssr: { noExternal: true },
});
