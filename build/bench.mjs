// @ts-check
// npm run bench [-- gap|engine [options]]: the benchmarks; without a name all of them.
import { endWith, provideTools, setUpShell } from './setup.mjs';
import { BENCH_HELP, benchRequest } from './steps/bench-request.mjs';
import { run, say, toolEnvironment, toolNode } from './steps/command.mjs';
import { hasDisplay, startVirtualDisplay } from './steps/virtual-display.mjs';

try {
  const request = benchRequest(process.argv.slice(2));
  if (request.kind === 'help') process.stdout.write(BENCH_HELP);
  else
    for (const suite of request.suites) {
      const code = await (suite === 'gap' ? runGap(request.options) : runEngine(request.options));
      if (code !== 0) process.exitCode = 1;
    }
} catch (error) {
  endWith(error);
}

/**
 * The gaps of whole walls, in a window.
 *
 * @param {readonly string[]} options
 */
async function runGap(options) {
  if (options.includes('--help')) {
    await provideTools();
    return run(toolNode(), ['e2e/bench/gap/main.ts', ...options]);
  }
  const shell = await setUpShell('whichever');
  const display = hasDisplay(process.env, process.platform) ? undefined : await startVirtualDisplay();
  if (display !== undefined) say(`no display: the benchmark runs on a virtual one, ${display.env.DISPLAY}`);
  try {
    const env = {
      ...toolEnvironment(),
      ...display?.env,
      ...(shell.kind === 'chromium' && { CHROME_PATH: shell.browser }),
    };
    return await run(toolNode(), ['e2e/bench/gap/main.ts', '--shell', shell.kind, ...options], env);
  } finally {
    display?.stop();
  }
}

/**
 * The stream selector by itself, in plain Node.
 *
 * @param {readonly string[]} options
 */
async function runEngine(options) {
  await provideTools();
  return run('vitest', ['bench', '--run', ...options]);
}
