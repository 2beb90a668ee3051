import { randomBytes } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { version } from '../../package.json';
import { SETTINGS_REQUESTS, VIEWER_REQUESTS } from '../../shared/bridge.ts';
import { type Application, createApplication } from '../app/application.ts';
import { contentSecurityPolicy } from '../app/content-security-policy.ts';
import { EXIT_FAILURE, EXIT_USAGE } from '../app/exit-codes.ts';
import { isFailedPage, serveFailedPage } from '../app/failed-page.ts';
import { SOFTWARE_NOTICE } from '../app/graphics-faults.ts';
import { createIpcGate } from '../app/ipc-gate.ts';
import {
  DEFAULT_WINDOW_SIZE,
  HELP,
  parseOptions,
  platformSwitches,
  type StartOptions,
} from '../app/options.ts';
import { endProcess } from '../app/process-end.ts';
import { putAway } from '../app/put-away.ts';
import { sandboxNotice } from '../app/sandbox-notice.ts';
import { takeScreenshots } from '../app/screenshots.ts';
import { endOfSecondStart, refusalNotice, type SecondStart } from '../app/second-start.ts';
import { log, openConfiguration, prepareProcess, unexpectedErrorWords } from '../app/shell-process.ts';
import { createStaticFiles } from '../app/static-files.ts';
import { takeSurroundings } from '../app/surroundings.ts';
import { placeOfConfig } from '../host/config-place.ts';
import { placeForData } from '../host/kept-data.ts';
import { selfSignedCertificate } from '../host/self-signed-certificate.ts';
import { createBridgeRoute, WINDOW_ID } from './bridge-route.ts';
import { Browser } from './browser.ts';
import { browserArguments } from './browser-arguments.ts';
import { EventStream } from './event-stream.ts';
import { findBrowser } from './find-browser.ts';
import { forkDemo } from './fork-demo.ts';
import { keepBrowser } from './kept-browser.ts';
import { claimInstance } from './single-instance.ts';
import { profileFolder, userDataFolder } from './user-data-folder.ts';
import { openWebServer, randomServerName } from './web-server.ts';

/** The second, small shell: plain Node serves the viewer to an installed Chromium, Chrome or Edge. */

/** The folder of the built host files (`dist/electron`). */
const HERE = path.dirname(fileURLToPath(import.meta.url));
/** Time limit for the final clean-up, which includes the journal's last lines. Milliseconds. */
const END_TIMEOUT_MS = 6000;
/** Prints the browser that would be used, for the set-up and the tests; not for users. */
const FIND_BROWSER = '--find-browser';
/** Limit of refusals in the log: a browser that tries many addresses could fill it. */
const REFUSALS_LOGGED = 20;

prepareProcess((error) => log(unexpectedErrorWords(error)));

const { environment } = takeSurroundings();
const args = process.argv.slice(2);
const found = findBrowser({ platform: process.platform, env: environment, isExecutable });
if (args[0] === FIND_BROWSER) {
  if (found.kind === 'found') process.stdout.write(`${found.executable}\n`);
  else fail(found.reason, EXIT_FAILURE);
} else {
  const request = parseOptions(args);
  switch (request.kind) {
    case 'help':
      process.stdout.write(HELP);
      break;
    case 'version':
      process.stdout.write(`Holdfast ${version}\n`);
      break;
    case 'invalid':
      fail(request.message, EXIT_USAGE);
      break;
    case 'run':
      if (found.kind === 'missing') fail(found.reason, EXIT_FAILURE);
      else
        start(request.options, found.executable).catch((error: unknown) =>
          fail(error instanceof Error ? error.message : String(error), EXIT_FAILURE),
        );
      break;
  }
}

async function start(options: StartOptions, executable: string): Promise<void> {
  const switches = platformSwitches(args);
  const data = await placeForData(
    path.resolve(
      switchValue(switches, 'user-data-dir') ?? userDataFolder(process.platform, environment, homedir()),
    ),
  );
  const userData = data.folder;
  const browserOf: { current: Browser | null } = { current: null };
  const applicationOf: { current: Application | null } = { current: null };
  let toldEarly: string | null = null;
  const configFile = options.configFile === null ? null : path.resolve(options.configFile);
  const configPlace = placeOfConfig(data.configFolder, configFile);
  const inUse = { kind: configFile === null ? 'own' : 'given', file: configPlace.file } as const;
  const hearOfSecond = async (second: SecondStart): Promise<void> => {
    const words = await refusalNotice(second, inUse, new Date());
    if (words !== null) {
      log(words);
      if (applicationOf.current === null) toldEarly = words;
      else applicationOf.current.notify(words);
    }
    await browserOf.current?.focus();
  };
  const instance = await claimInstance({
    userData,
    inUse,
    start: { configFile },
    onSecond: (second) =>
      void hearOfSecond(second).catch((error: Error) =>
        log(`the window cannot be brought to the front: ${error.message}`),
      ),
  });
  if (instance.kind === 'second') {
    const { words, exitCode } = await endOfSecondStart({ configFile }, instance.running);
    log(words);
    await endProcess(() => process.exit(exitCode));
    return;
  }
  const sandbox = isLinuxRoot() || switches.includes('--no-sandbox') ? 'off' : 'on';
  const { store, notices } = await openConfiguration(data, {
    place: configPlace,
    environment,
    notices: [sandboxNotice(sandbox, process.geteuid?.())],
  });

  const name = randomServerName();
  const certificate = await selfSignedCertificate(name, new Date());
  const token = randomBytes(32).toString('base64url');
  const events = new EventStream();
  const application = createApplication({
    version,
    environment,
    opened: store,
    configPlace,
    forkDemo: () => forkDemo(path.join(HERE, 'demo-process.js')),
    journalFolder: path.join(userData, 'journal'),
    exportFolder: path.join(homedir(), 'Downloads'),
    notices: [...notices, lacks(path.basename(executable))],
    emit: (name, payload) => events.emit(name, payload),
    log,
    logTopics: options.log,
  });
  applicationOf.current = application;
  if (toldEarly !== null) application.notify(toldEarly);
  let refusals = 0;
  const server = await openWebServer({
    name,
    certificate,
    token,
    onRefused: (words) => {
      refusals += 1;
      // The first refusal is the window's own, before it had its token.
      if (refusals > 1 && refusals <= REFUSALS_LOGGED) log(`a request was turned away: ${words}`);
    },
    routes: (origin) => {
      const files = createStaticFiles(path.join(HERE, '..', 'renderer'), contentSecurityPolicy(origin));
      const gate = createIpcGate({
        origin,
        // In a browser, all pages of one origin have the same rights.
        requestsOf: (id) => (id === WINDOW_ID ? new Set([...VIEWER_REQUESTS, ...SETTINGS_REQUESTS]) : null),
        onRejected: (message) => log(`a request was turned away: ${message}`),
        handlers: {
          ...application.handlers,
          'gateway.media': () => {
            throw new Error('the page loads media by itself');
          },
          'gateway.mediaRest': () => {
            throw new Error('the page loads media by itself');
          },
          'settings.open': () => {
            throw new Error('the page opens the settings by itself');
          },
          'power.setPlaying': () => {
            throw new Error('the page keeps the display awake by itself');
          },
          'window.setFullscreen': async ({ fullscreen }) => {
            await browserOf.current?.setFullscreen(fullscreen ? 'fullscreen' : 'window');
          },
        },
      });
      const bridge = createBridgeRoute({ gate, events, origin });
      return async (request) => {
        const { pathname } = new URL(request.url);
        if (isFailedPage(request.url)) return serveFailedPage(request.url);
        if (pathname.startsWith('/sites/')) return application.gateway.handle(request);
        return pathname.startsWith('/bridge/') ? bridge(request) : files(request);
      };
    },
  });

  process.on('exit', () => browserOf.current?.kill());
  let isEnding = false;
  const end = endInOrder([
    () => browserOf.current?.close(),
    ...application.endings,
    () => server.close(),
    () => instance.release(),
  ]);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      isEnding = true;
      end(0);
    });
  if (options.screenshotFolder !== null)
    takeScreenshots(
      path.resolve(options.screenshotFolder),
      async () => (await browserOf.current?.capture()) ?? null,
      log,
    );
  const outcome = await keepBrowser({
    start: (rendering) => {
      if (rendering === 'software') application.notify(SOFTWARE_NOTICE);
      const browser = new Browser(
        executable,
        browserArguments({
          ...options,
          windowSize: options.windowSize ?? DEFAULT_WINDOW_SIZE,
          origin: server.origin,
          spkiSha256: certificate.spkiSha256,
          profileFolder: profileFolder(userData, executable, homedir()),
          sandbox,
          rendering,
          switches,
        }),
        log,
      );
      browserOf.current = browser;
      return {
        opened: browser.open(server.origin, token),
        ended: browser.ended,
        kill: () => browser.kill(),
      };
    },
    isEnding: () => isEnding,
    log,
  });
  end(outcome === 'closed' ? 0 : EXIT_FAILURE);
}

/** What this shell lacks, compared with Electron's. */
function lacks(browser: string): string {
  return `Shown by ${browser}, without Electron: there is no keychain for logins and no kiosk mode, and the window does not remember its place.`;
}

/** Runs the clean-up once, in this order, before the process ends. A step that hangs is given up. */
function endInOrder(steps: readonly (() => void | Promise<void>)[]): (exitCode: number) => void {
  let ending = false;
  return (exitCode) => {
    if (ending) return;
    ending = true;
    void putAway(steps, { timeoutMs: END_TIMEOUT_MS, log }).then(() =>
      endProcess(() => process.exit(exitCode)),
    );
  };
}

function fail(message: string, exitCode: number): void {
  log(message);
  process.exitCode = exitCode;
}

function switchValue(switches: readonly string[], name: string): string | undefined {
  const prefix = `--${name}=`;
  const value = switches.findLast((argument) => argument.startsWith(prefix))?.slice(prefix.length);
  return value === '' ? undefined : value;
}

function isLinuxRoot(): boolean {
  return process.platform === 'linux' && process.geteuid?.() === 0;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
