import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  app,
  type Session as ElectronSession,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  session,
} from 'electron';
import { SETTINGS_REQUESTS, VIEWER_REQUESTS } from '../../shared/bridge.ts';
import { APP_ORIGIN, APP_SCHEME } from '../../shared/gateway/gateway-contract.ts';
import { createApplication } from '../app/application.ts';
import { contentSecurityPolicy } from '../app/content-security-policy.ts';
import { EXIT_FAILURE, EXIT_START_AGAIN, EXIT_USAGE } from '../app/exit-codes.ts';
import { isFailedPage, serveFailedPage } from '../app/failed-page.ts';
import {
  GraphicsFaults,
  noteFailedGraphics,
  renderingAfter,
  SOFTWARE_NEXT_NOTICE,
  SOFTWARE_NOTICE,
  takeFailedGraphics,
} from '../app/graphics-faults.ts';
import { applicationArguments, HELP, parseOptions, type StartOptions } from '../app/options.ts';
import { endProcess } from '../app/process-end.ts';
import { putAway } from '../app/put-away.ts';
import { sandboxNotice } from '../app/sandbox-notice.ts';
import { takeScreenshots } from '../app/screenshots.ts';
import { type ConfigInUse, endOfSecondStart, refusalNotice, type SecondStart } from '../app/second-start.ts';
import { log, openConfiguration, prepareProcess, unexpectedErrorWords } from '../app/shell-process.ts';
import { createStaticFiles } from '../app/static-files.ts';
import { takeSurroundings } from '../app/surroundings.ts';
import { placeOfConfig } from '../host/config-place.ts';
import { type KeptData, placeForData } from '../host/kept-data.ts';
import { systemClock } from '../host/system-clock.ts';
import { createAppProtocol } from './app-protocol.ts';
import { confineContents, confineSession } from './confinement.ts';
import { forkDemo } from './demo-fork.ts';
import { DisplayWake } from './display-wake.ts';
import { appendFault } from './fault-log.ts';
import { type FaultyRun, reactionTo } from './fault-reaction.ts';
import { isLockedHere, removeHalfLock } from './instance-lock.ts';
import { listenForRequests } from './ipc-main.ts';
import { installMenu } from './menu.ts';
import { endNotice, openRunRecord, type RunRecord, readConfigInUse } from './run-record.ts';
import { SettingsWindow } from './settings-window.ts';
import { failToStart } from './start-failure.ts';
import { ViewerWindow } from './viewer-window.ts';
import { openWindowMemory } from './window-memory.ts';

/** The folder of the built host files (`dist/electron`). */
const HERE = path.dirname(fileURLToPath(import.meta.url));
/** Time for which tiles stay suspended after the graphics process ended: it is back within it. Milliseconds. */
const GRAPHICS_RESTART_MS = 2000;
/** Signals of a session's end, a service manager or a terminal: no question may delay the end. */
const END_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
/** In the user data folder; see run-record.ts. */
const RUN_FILE = 'running.json';
/** Time limit for the final clean-up, which includes the journal's last lines. Milliseconds. */
const END_TIMEOUT_MS = 3000;

// Must run before `ready`, so at the top level. The scheme gets no more rights than it needs: neither `corsEnabled` nor
// `bypassCSP`.
protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
]);
// By default Chromium ends this process, and with it the window, after six crashes of its graphics process. The
// graphics process always comes back.
app.commandLine.appendSwitch('disable-gpu-process-crash-limit');
const { environment, keeper } = takeSurroundings();
/** The number of this process's ends in a row, from its keeper. */
const endsInARow = keeper.kind === 'watches' ? keeper.endsInARow : 0;
/** Whether another start follows a failed one: the very first one ends with its message. */
const nextStart = endsInARow > 0 ? 'another-start' : 'none';

prepareProcess((error, kind) => {
  // An unhandled rejection leaves the state as it is: no reason to interrupt the pictures.
  if (kind === 'rejection') reportFault(error);
  else reactToFault(error);
});

let phase: FaultyRun['phase'] = 'starting';
/** `null` until this process is known to be the only instance. */
let run: RunRecord | null = null;
/** Clean-up at the end, in this order. */
const endings: (() => void | Promise<void>)[] = [];

const request = parseOptions(
  applicationArguments(process.argv, process.defaultApp ? 'unpackaged' : 'packaged'),
);
switch (request.kind) {
  case 'help':
    process.stdout.write(HELP);
    app.exit(0);
    break;
  case 'version':
    process.stdout.write(`Holdfast ${app.getVersion()}\n`);
    app.exit(0);
    break;
  case 'invalid':
    void failToStart(request.message, EXIT_USAGE);
    break;
  case 'run': {
    const { options } = request;
    const configFile = options.configFile === null ? null : path.resolve(options.configFile);
    const failed = (error: unknown): null => {
      void failToStart(error instanceof Error ? error.message : String(error), EXIT_FAILURE, nextStart);
      return null;
    };
    // Awaited here, because the application is not ready before, and this decides where Chromium's files go.
    const instance = await claimInstance({ configFile }).catch(failed);
    if (instance === null) break;
    const started =
      instance.kind === 'first'
        ? start(options, configFile, instance.data)
        : endAsSecond({ configFile }, readConfigInUse(path.join(instance.data.folder, RUN_FILE)));
    started.catch(failed);
    break;
  }
}

/** Ensures that a user data folder has one Holdfast, and finds a folder that can be written. */
async function claimInstance(
  start: SecondStart,
): Promise<{ readonly kind: 'first' | 'second'; readonly data: KeptData }> {
  const userData = app.commandLine.getSwitchValue('user-data-dir');
  const data = await placeForData(userData === '' ? app.getPath('userData') : path.resolve(userData));
  app.setPath('userData', data.folder);
  if (app.requestSingleInstanceLock(start)) return { kind: 'first', data };
  if (isLockedHere(data.folder)) return { kind: 'second', data };
  removeHalfLock(data.folder);
  const unlocked = `Another Holdfast that is started here is not noticed: the folder ${data.folder} cannot be locked.`;
  return { kind: 'first', data: { ...data, notice: data.notice ?? unlocked } };
}

async function start(options: StartOptions, configFile: string | null, data: KeptData): Promise<void> {
  const graphicsFile = path.join(data.folder, 'graphics-failed');
  const rendering = takeFailedGraphics(graphicsFile) ? 'software' : renderingAfter(endsInARow);
  // Before the first await: after one, Electron is `ready`.
  if (rendering === 'software') app.commandLine.appendSwitch('disable-gpu');
  let onSecondStart = (message: unknown): void => {
    earlyMessages.push(message);
  };
  const earlyMessages: unknown[] = [];
  app.on('second-instance', (_event, _argv, _folder, message) => onSecondStart(message));
  const configPlace = placeOfConfig(data.configFolder, configFile);
  const inUse = { kind: configFile === null ? 'own' : 'given', file: configPlace.file } as const;
  run = openRunRecord({ file: path.join(data.folder, RUN_FILE), pid: process.pid, inUse, log });
  endInOrder(run);
  const { store, notices } = await openConfiguration(data, {
    place: configPlace,
    environment,
    notices: [
      run.previousEnd === null ? null : endNotice(run.previousEnd, new Date()),
      sandboxNotice(app.commandLine.hasSwitch('no-sandbox') ? 'off' : 'on', process.geteuid?.()),
      rendering === 'software' ? SOFTWARE_NOTICE : null,
    ],
  });
  app.on('web-contents-created', (_event, contents) => confineContents(contents));
  app.on('window-all-closed', () => app.quit());

  const memory = await openWindowMemory({ file: path.join(data.folder, 'windows.json'), log });
  endings.push(() => memory.flush());
  await app.whenReady();
  let viewer: ViewerWindow | null = null;
  let settings: SettingsWindow | null = null;
  const application = createApplication({
    version: app.getVersion(),
    environment,
    opened: store,
    configPlace,
    forkDemo: () => forkDemo(path.join(HERE, 'demo-process.js')),
    journalFolder: path.join(data.folder, 'journal'),
    exportFolder: app.getPath('downloads'),
    notices,
    emit: (name, payload) => {
      viewer?.send(name, payload);
      settings?.send(name, payload);
    },
    log,
    logTopics: options.log,
  });

  installMenu(options.mode);
  const pages = servePages();
  const wake = new DisplayWake(powerSaveBlocker);
  const page = { session: pages, preloadFile: path.join(HERE, 'preload.cjs'), mode: options.mode };
  viewer = new ViewerWindow({
    ...page,
    start: options,
    memory,
    onIdle: (windowId) => wake.setPlaying(windowId, 'idle'),
    onHopeless: (message) => reactToFault(new Error(message)),
    log,
  });
  const window = viewer;
  const settingsWindow = new SettingsWindow({ ...page, memory });
  settings = settingsWindow;
  let viewing: 'open' | 'closed' = 'open';
  window.onClosed(() => {
    viewing = 'closed';
    settingsWindow.close();
  });
  for (const signal of END_SIGNALS)
    process.on(signal, () => {
      settingsWindow.giveUpEdits();
      app.quit();
    });

  listenForRequests({
    origin: APP_ORIGIN,
    requestsOf: (id) =>
      id === window.id ? VIEWER_REQUESTS : id === settingsWindow.id ? SETTINGS_REQUESTS : null,
    onRejected: (message) => log(`a request was turned away: ${message}`),
    handlers: {
      ...application.handlers,
      'settings.open': async () => {
        await settingsWindow.open();
      },
      'power.setPlaying': ({ playing }, windowId) => {
        wake.setPlaying(windowId, playing ? 'playing' : 'idle');
      },
      'window.setFullscreen': ({ fullscreen }) => {
        window.setFullscreen(fullscreen ? 'fullscreen' : 'window');
      },
    },
  });
  tellLocalFaults(window, rendering === 'hardware' ? watchGraphics(graphicsFile, application.notify) : null);
  onSecondStart = (message) => {
    void refusalNotice(message, inUse, new Date()).then((words) => {
      if (words === null) return;
      log(words);
      application.notify(words);
    });
    if (viewing === 'open') window.focus();
    // The viewer's window is closed: only the question of the settings window keeps this instance running.
    else settingsWindow.close();
  };
  for (const message of earlyMessages) onSecondStart(message);
  if (options.screenshotFolder !== null)
    window.onClosed(takeScreenshots(path.resolve(options.screenshotFolder), () => window.capture(), log));
  endings.push(...application.endings);
  await window.load();
  // A window closed meanwhile has already begun the end.
  if (phase === 'starting') phase = 'running';
}

/** Another Holdfast uses the user data folder, and has received this start. */
async function endAsSecond(start: SecondStart, running: ConfigInUse | null): Promise<void> {
  const { words, exitCode } = await endOfSecondStart(start, running);
  // Somebody started Holdfast before the keeper did: there is a window, and nothing left to keep.
  if (exitCode !== 0 && endsInARow === 0) return failToStart(words, exitCode);
  log(words);
  await endProcess(() => app.exit(0));
}

/** The session of the windows, in memory only: nothing of a site is stored on the disk. */
function servePages(): ElectronSession {
  const pages = session.fromPartition('holdfast');
  confineSession(pages);
  confineSession(session.defaultSession);
  const files = createStaticFiles(path.join(HERE, '..', 'renderer'), contentSecurityPolicy(APP_ORIGIN));
  pages.protocol.handle(
    APP_SCHEME,
    createAppProtocol(async (request) =>
      isFailedPage(request.url) ? serveFailedPage(request.url) : files(request),
    ),
  );
  return pages;
}

/** @param onGraphicsEnd called at each crash of the graphics process */
function tellLocalFaults({ activity }: ViewerWindow, onGraphicsEnd: (() => void) | null): void {
  powerMonitor.on('suspend', () => activity.begin('machine-suspended'));
  powerMonitor.on('resume', () => activity.end('machine-suspended'));
  let graphicsRestart: NodeJS.Timeout | undefined;
  app.on('child-process-gone', (_event, { type, reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    log(`a helper process ended: ${type} (${reason}, exit code ${exitCode})`);
    if (type !== 'GPU') return;
    onGraphicsEnd?.();
    activity.begin('graphics-restarting');
    clearTimeout(graphicsRestart);
    graphicsRestart = setTimeout(() => activity.end('graphics-restarting'), GRAPHICS_RESTART_MS);
  });
}

/**
 * @param file for the note to the next start
 * @returns the function to call at each crash of the graphics process
 */
function watchGraphics(file: string, notify: (words: string) => void): () => void {
  const faults = new GraphicsFaults(() => systemClock.now());
  let isNoted = false;
  return () => {
    const reaction = faults.ended();
    if (reaction === 'go-on' || phase === 'ending') return;
    if (!isNoted) {
      isNoted = true;
      const problem = noteFailedGraphics(file);
      if (problem !== null) log(`for the next start ${file} cannot be written: ${problem}`);
      log(SOFTWARE_NEXT_NOTICE);
      notify(SOFTWARE_NEXT_NOTICE);
    }
    if (reaction === 'restart') endAndStartAgain();
  };
}

/** Cleans up before every kind of end: a key, a signal, the machine's shutdown. */
function endInOrder(record: RunRecord): void {
  let isQuitting = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    // A second signal must not interrupt the clean-up: a service manager and the keeper each send one.
    if (isQuitting) return;
    isQuitting = true;
    record.endInOrder();
    void putAllAway().then(() => endProcess(() => app.exit(0)));
  });
  // After this event, the system ends the process without another one.
  powerMonitor.on('shutdown', () => record.endInOrder());
  app.on('browser-window-created', (_event, window) => window.on('session-end', () => record.endInOrder()));
}

function putAllAway(): Promise<void> {
  phase = 'ending';
  return putAway(endings.splice(0), { timeoutMs: END_TIMEOUT_MS, log });
}

/** Reports an unexpected error, on the terminal and in a file for bug reports. */
function reportFault(error: unknown): void {
  log(unexpectedErrorWords(error));
  const file = path.join(app.getPath('userData'), 'unexpected-errors.log');
  const problem = appendFault(file, error, new Date(), app.getVersion());
  if (problem !== null) log(`the error cannot be written to ${file}: ${problem}`);
}

function reactToFault(error: unknown): void {
  reportFault(error);
  const follows = run === null || run.previousEnd === null ? 'orderly-end' : 'unexpected-end';
  switch (reactionTo({ phase, uptimeMs: performance.now(), follows })) {
    case 'go-on':
      return;
    case 'give-up': {
      run?.endUnexpectedly(new Date());
      const words = error instanceof Error ? error.message : String(error);
      if (keeper.kind === 'watches') void failToStart(words, EXIT_START_AGAIN, 'another-start');
      else void failToStart(words, EXIT_FAILURE);
      return;
    }
    case 'restart':
      endAndStartAgain();
  }
}

function endAndStartAgain(): void {
  run?.endUnexpectedly(new Date());
  log('starting again');
  void putAllAway().then(startAgain);
}

function startAgain(): void {
  // A keeper would kill another process started beside this one, and restarts one that had to be killed.
  if (keeper.kind === 'watches') {
    void endProcess(() => app.exit(EXIT_START_AGAIN), 'SIGKILL');
    return;
  }
  // The new process inherits this one's own environment.
  Object.assign(process.env, environment);
  app.relaunch();
  app.exit(EXIT_FAILURE);
}
