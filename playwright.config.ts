import { defineConfig } from '@playwright/test';

/**
 * End-to-end tests in the real Electron, without a second chance. Most wait more than they work, and run two at a time.
 * Those that measure pictures or what a site is asked, that count alarms or say why tiles change over, or that change
 * the desktop take Playwright's own lock `-exclusive-`: while it is held nothing else runs.
 */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  workers: 2,
  retries: 0,
  fullyParallel: false,
  forbidOnly: true,
  timeout: 240_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
});
