import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DevToolsClient } from './devtools-client.ts';
import { inspectorAddress, pageSocketOf, portOf } from './devtools-messages.ts';
import { ElectronProcess } from './electron-process.ts';

/** The sentence about windows in the method of a suite. */
export const UNDRIVEN_WORDS =
  'The windows are asked for their figures over a DevTools connection on which no domain is enabled, so that nothing records while they are measured.';

/** Longest time until Electron's page listens, ms. It is long, because the machine may be busy. */
const START_TIMEOUT_MS = 60_000;
/** Time-out of a request to a page that may still load, ms. An earlier document gives no answer: the request is repeated. */
const PAGE_TIMEOUT_MS = 10_000;
const START = { pollMs: 100, timeoutMs: START_TIMEOUT_MS } as const;

export interface UndrivenRequest {
  /** The arguments for the Electron executable, which uses this profile. */
  readonly argumentsFor: (profile: string) => readonly string[];
  /** Beginning of the page's address. */
  readonly urlPrefix: string;
  /** `inspectable`: Node's inspector listens in the main process. */
  readonly mainProcess: 'closed' | 'inspectable';
}

/** A page in Electron that Playwright does not drive. Between two readings of figures, the connection costs it nothing. */
export interface UndrivenWindow {
  readonly electron: ElectronProcess;
  readonly page: DevToolsClient;
  /** Ends Electron and removes its profile. */
  readonly close: () => Promise<void>;
}

/**
 * Opens a window without Playwright. Playwright would enable domains in every page, and these record: `Network` alone keeps
 * the bodies of all answers, and makes every request cost more in the page and in the main process.
 * @throws where the page does not open
 */
export async function openUndrivenWindow(request: UndrivenRequest): Promise<UndrivenWindow> {
  const profile = await mkdtemp(path.join(tmpdir(), 'holdfast-undriven-'));
  const removeProfile = (): Promise<void> =>
    rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  let electron: ElectronProcess | null = null;
  try {
    const started = new ElectronProcess([
      '--remote-debugging-port=0',
      ...(request.mainProcess === 'inspectable' ? ['--inspect=0'] : []),
      ...request.argumentsFor(profile),
    ]);
    electron = started;
    const address = await started.until('a page listened', START, () =>
      pageSocket(profile, request.urlPrefix),
    );
    const page = await DevToolsClient.connect(address);
    const close = async (): Promise<void> => {
      page.close();
      await started.end();
      await removeProfile();
    };
    return { electron: started, page, close };
  } catch (error) {
    await electron?.end();
    await removeProfile();
    throw error;
  }
}

/**
 * Connects to the main process of a window that was opened as `inspectable`.
 * @throws where its inspector does not listen
 */
export async function connectToMain(electron: ElectronProcess): Promise<DevToolsClient> {
  const address = await electron.until('the main process listened', START, async () =>
    inspectorAddress(electron.errors),
  );
  return DevToolsClient.connect(address);
}

/**
 * Waits until a function in the page returns true.
 * @throws where that takes too long, with the page's last error
 */
export async function untilPage(
  { electron, page }: UndrivenWindow,
  what: string,
  run: () => boolean,
): Promise<void> {
  let said = 'not yet';
  const ask = async (): Promise<true | null> => {
    try {
      return (await page.evaluate(run, undefined, PAGE_TIMEOUT_MS)) ? true : null;
    } catch (error) {
      said = error instanceof Error ? error.message : String(error);
      return null;
    }
  };
  try {
    await electron.until(what, START, ask);
  } catch (error) {
    throw new Error(
      `${START_TIMEOUT_MS / 1000} s went by, or Electron ended, before ${what}; the page said: ${said}`,
      { cause: error },
    );
  }
}

/** @returns `null` while Electron does not listen yet, or has not opened the page */
async function pageSocket(profile: string, urlPrefix: string): Promise<string | null> {
  const port = portOf(await readFile(path.join(profile, 'DevToolsActivePort'), 'utf8').catch(() => ''));
  if (port === null) return null;
  const targets: unknown = await fetch(`http://127.0.0.1:${port}/json/list`)
    .then((response) => response.json())
    .catch(() => []);
  return pageSocketOf(targets, urlPrefix);
}
