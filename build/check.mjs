// @ts-check
// npm run check: types, lint, format and unit tests, in under a minute.
import { endWith, provideTools } from './setup.mjs';
import { runChecks } from './steps/checks.mjs';
import { closingLine } from './steps/tally.mjs';

try {
  await provideTools();
  const tally = await runChecks();
  for (const name of tally.failed) console.log(`failed: ${name}`);
  console.log(closingLine(tally));
  process.exitCode = tally.failed.length === 0 ? 0 : 1;
} catch (error) {
  endWith(error);
}
