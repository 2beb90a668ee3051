// @ts-check
// npm run bench [-- SUITE [options]]: runs one benchmark; without a name, a quick run of each one and their summary.
import { endWith, provideTools, setUpShell } from './setup.mjs';
import { BENCH_HELP, benchRequest } from './steps/bench-request.mjs';
import { run, say, toolEnvironment, toolNode } from './steps/command.mjs';
import { hasDisplay, startVirtualDisplay } from './steps/virtual-display.mjs';

/** Arguments by which Node runs the TypeScript sources: the engine suite measures the gateway and the selector without a build. */
const PROGRAM = [
  '--experimental-transform-types',
  '--disable-warning=ExperimentalWarning',
  'e2e/bench/suite/main.ts',
];

try {
  const request = benchRequest(process.argv.slice(2));
  if (request.kind === 'help') process.stdout.write(BENCH_HELP);
  else {
    const startedMs = performance.now();
    for (const suite of request.suites) if ((await runSuite(suite)) !== 0) process.exitCode = 1;
    if (request.kind === 'all') {
      if ((await run(toolNode(), [...PROGRAM, 'summary'])) !== 0) process.exitCode = 1;
      say(`all suites: ${((performance.now() - startedMs) / 60_000).toFixed(1)} min`);
    }
  }
} catch (error) {
  endWith(error);
}

/**
 * @param {import('./steps/bench-request.mjs').SuiteCall} suite
 * @returns {Promise<number>} the exit code
 */
async function runSuite({ name, shell: choice, options }) {
  if (options.includes('--help')) {
    await provideTools();
    return run(toolNode(), [...PROGRAM, name, ...options]);
  }
  const shell = await setUpShell(choice);
  const display = hasDisplay(process.env, process.platform) ? undefined : await startVirtualDisplay();
  if (display !== undefined) say(`no display: the benchmark runs on a virtual one, ${display.env.DISPLAY}`);
  try {
    const env = {
      ...toolEnvironment(),
      ...display?.env,
      ...(shell.kind === 'chromium' && { CHROME_PATH: shell.browser }),
    };
    return await run(toolNode(), [...PROGRAM, name, '--shell', shell.kind, ...options], env);
  } finally {
    display?.stop();
  }
}
