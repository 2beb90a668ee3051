import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{shared,electron,renderer,e2e,build}/**/*.test.{ts,tsx}'],
    // Playwright's files are named *.spec.ts and run by `npm run e2e`.
    environment: 'node',
    // Vitest leaves one core idle, and would start a process and read every module again for each file, which
    // took more than half of the time. No file may leave state behind in a module; globals are put back.
    maxWorkers: '100%',
    isolate: false,
    restoreMocks: true,
    unstubGlobals: true,
    testTimeout: 20_000,
  },
});
