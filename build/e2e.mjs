// @ts-check
// npm run e2e [-- <arguments for Playwright>]
import { endWith, setUp } from './setup.mjs';
import { runEndToEnd } from './steps/end-to-end.mjs';

try {
  await setUp();
  const tally = await runEndToEnd(process.argv.slice(2));
  process.exitCode = tally.failed.length === 0 ? 0 : 1;
} catch (error) {
  endWith(error);
}
