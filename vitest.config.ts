import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{shared,electron,renderer,e2e,build}/**/*.test.{ts,tsx}'],
    // Playwright's files are named *.spec.ts and run by `npm run e2e`.
    environment: 'node',
    testTimeout: 20_000,
  },
});
