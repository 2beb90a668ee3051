// @ts-check
// npm run bench [-- SUITE [options]]: the benchmarks; without a name the quick run of each.
import { endWith, provideTools, setUpShell } from './setup.mjs';
import { BENCH_HELP, benchRequest } from './steps/bench-request.mjs';
import { run, say, toolEnvironment, toolNode, warn } from './steps/command.mjs';
import { hasDisplay, startVirtualDisplay } from './steps/virtual-display.mjs';

/** The engine's suite runs the host's gateway and the selector as they are written, not as they are built. */
const NODE_OPTIONS = ['--experimental-transform-types', '--disable-warning=ExperimentalWarning'];

try {
  const request = benchRequest(process.argv.slice(2));
  if (request.kind === 'help') process.stdout.write(BENCH_HELP);
  else for (const suite of request.suites) if ((await runSuite(suite)) !== 0) process.exitCode = 1;
} catch (error) {
  endWith(error);
}

/**
 * @param {import('./steps/bench-request.mjs').SuiteCall} suite
 * @returns {Promise<number>} the exit code
 */
async function runSuite({ name, options }) {
  const program =
    name === 'gap' ? ['e2e/bench/gap/main.ts'] : [...NODE_OPTIONS, 'e2e/bench/suite/main.ts', name];
  if (options.includes('--help')) {
    await provideTools();
    return run(toolNode(), [...program, ...options]);
  }
  const shell = await setUpShell('whichever');
  if (name !== 'gap' && shell.kind !== 'electron') {
    warn(`${name} is measured in Electron only, which cannot be had here`);
    return 1;
  }
  const display = hasDisplay(process.env, process.platform) ? undefined : await startVirtualDisplay();
  if (display !== undefined) say(`no display: the benchmark runs on a virtual one, ${display.env.DISPLAY}`);
  try {
    const env = {
      ...toolEnvironment(),
      ...display?.env,
      ...(shell.kind === 'chromium' && { CHROME_PATH: shell.browser }),
    };
    const shown = name === 'gap' ? ['--shell', shell.kind] : [];
    return await run(toolNode(), [...program, ...shown, ...options], env);
  } finally {
    display?.stop();
  }
}
