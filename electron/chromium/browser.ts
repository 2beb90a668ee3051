import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { DevToolsEvent } from '../../shared/devtools/devtools-dispatcher.ts';
import { childEnvironment } from '../app/child-environment.ts';
import { failedPageUrl, isFailedPage } from '../app/failed-page.ts';
import { PAGE_PACE, RestartBackoff } from '../app/restart-backoff.ts';
import { systemClock } from '../host/system-clock.ts';
import { DevToolsPipe } from './devtools-pipe.ts';
import { TOKEN_COOKIE } from './door.ts';

/** Time limit for the window to appear: the first start of a profile on a slow disk is slow. Milliseconds. */
const WINDOW_TIMEOUT_MS = 30_000;
/** Time limit for the browser to end when it was asked to. Milliseconds. */
const CLOSE_TIMEOUT_MS = 3000;

interface Page {
  readonly targetId: string;
  readonly sessionId: string;
  readonly origin: string;
}

/** How a browser ended: its window was closed, or it died with its window open or not yet open. */
export interface BrowserEnd {
  readonly kind: 'closed' | 'died';
  readonly words: string;
}

/** An installed browser that shows one app window. */
export class Browser {
  /** Resolved when the browser or its window is gone. */
  readonly ended: Promise<BrowserEnd>;
  private readonly process: ChildProcess;
  private readonly pipe: DevToolsPipe;
  private readonly log: (message: string) => void;
  private readonly backoff = new RestartBackoff(PAGE_PACE, () => systemClock.now());
  private readonly firstPage: Promise<string>;
  private foundPage: (targetId: string) => void = () => {};
  private end: (end: BrowserEnd) => void = () => {};
  private page: Page | null = null;

  /** Starts it. After that, {@link open} gives its window access. */
  constructor(executable: string, args: readonly string[], log: (message: string) => void) {
    this.log = log;
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
    this.firstPage = new Promise((resolve) => {
      this.foundPage = resolve;
    });
    this.process = spawn(executable, args, {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'],
      env: childEnvironment(process.env),
    });
    this.process.on('error', ({ message }) =>
      this.end({ kind: 'died', words: `${executable} cannot be started: ${message}` }),
    );
    this.process.on('exit', (exitCode, signal) =>
      this.end({
        kind: exitCode === 0 ? 'closed' : 'died',
        words: `the browser ended (${signal ?? `exit code ${exitCode}`})`,
      }),
    );
    this.pipe = new DevToolsPipe(
      this.process.stdio[3] as Writable,
      this.process.stdio[4] as Readable,
      (event) => this.hear(event),
    );
  }

  /**
   * Gives the browser the token, and its window the address.
   *
   * @returns the browser's name and version, for instance `Chrome/156.0.1`
   * @throws (as a rejection) when the browser ends before that or its window does not come
   */
  async open(origin: string, token: string): Promise<string> {
    const version = await this.pipe.send('Browser.getVersion');
    await this.pipe.send('Storage.setCookies', {
      cookies: [
        {
          name: TOKEN_COOKIE,
          value: token,
          url: `${origin}/`,
          path: '/',
          secure: true,
          httpOnly: true,
          sameSite: 'Strict',
        },
      ],
    });
    await this.pipe.send('Target.setDiscoverTargets', { discover: true });
    const targetId = await this.window();
    const { sessionId } = await this.pipe.send('Target.attachToTarget', { targetId, flatten: true });
    this.page = { targetId, sessionId, origin };
    // It came before the token, as a rule, and was refused.
    await this.pipe.send('Page.navigate', { url: `${origin}/` }, sessionId);
    return version.product;
  }

  /** Brings the window to the front. */
  async focus(): Promise<void> {
    if (this.page !== null) await this.pipe.send('Page.bringToFront', {}, this.page.sessionId);
  }

  async setFullscreen(state: 'fullscreen' | 'window'): Promise<void> {
    if (this.page === null) return;
    const { targetId } = this.page;
    const { windowId } = await this.pipe.send('Browser.getWindowForTarget', { targetId });
    // Whatever the browser says it is: it says so only when its own transition is over.
    await this.pipe.send('Browser.setWindowBounds', {
      windowId,
      bounds: { windowState: state === 'fullscreen' ? 'fullscreen' : 'normal' },
    });
  }

  /** The window's content as PNG; `null` while there is none. */
  async capture(): Promise<Uint8Array | null> {
    if (this.page === null) return null;
    const { sessionId } = this.page;
    const { data } = await this.pipe.send('Page.captureScreenshot', { format: 'png' }, sessionId);
    return Buffer.from(data, 'base64');
  }

  /** Ends the browser: first by a command, then by force. */
  async close(): Promise<void> {
    const timer = setTimeout(() => this.process.kill('SIGKILL'), CLOSE_TIMEOUT_MS);
    const gone = this.isGone() ? Promise.resolve() : onceGone(this.process);
    // The pipe breaks over it, and so the answer may not come.
    await Promise.race([this.pipe.send('Browser.close').catch(() => {}), gone]);
    await gone;
    clearTimeout(timer);
  }

  /** For the end of this process, when it cannot wait. */
  kill(): void {
    if (!this.isGone()) this.process.kill('SIGKILL');
  }

  private isGone(): boolean {
    const { pid, exitCode, signalCode } = this.process;
    return pid === undefined || exitCode !== null || signalCode !== null;
  }

  private async window(): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`its window did not come within ${WINDOW_TIMEOUT_MS / 1000} s`)),
        WINDOW_TIMEOUT_MS,
      );
    });
    const ended = this.ended.then(({ words }) => Promise.reject(new Error(words)));
    try {
      return await Promise.race([this.firstPage, late, ended]);
    } finally {
      clearTimeout(timer);
    }
  }

  private hear({ method, params, sessionId }: DevToolsEvent): void {
    switch (method) {
      case 'Target.targetCreated':
        if (params.targetInfo.type === 'page') this.foundPage(params.targetInfo.targetId);
        break;
      case 'Target.targetDestroyed':
        if (params.targetId === this.page?.targetId)
          this.end({ kind: 'closed', words: 'its window was closed' });
        break;
      case 'Target.targetCrashed':
        if (params.targetId === this.page?.targetId) this.revive(this.page);
        break;
      case 'Target.detachedFromTarget':
        if (sessionId === undefined && params.sessionId === this.page?.sessionId)
          this.end({ kind: 'closed', words: 'its window was closed' });
        break;
    }
  }

  private revive(page: Page): void {
    const waitMs = this.backoff.ended();
    if (waitMs === 0) {
      this.log("the window's page ended and is loaded again");
      this.load(page, 'again');
      return;
    }
    this.log(
      `the page ended ${this.backoff.endsInARow} times in a row and is loaded again in ${waitMs / 1000} s`,
    );
    this.load(page, failedPageUrl(page.origin, new Date(Date.now() + waitMs)));
    systemClock.after(waitMs, () => void this.leaveFailedPage(page));
  }

  /** Unless the operator has done so already. */
  private async leaveFailedPage(page: Page): Promise<void> {
    const shown = await this.pipe
      .send('Page.getNavigationHistory', {}, page.sessionId)
      .then(({ currentIndex, entries }) => entries[currentIndex]?.url)
      // Not even the page with the failure message is there.
      .catch(() => undefined);
    if (shown === undefined || isFailedPage(shown)) this.load(page, `${page.origin}/`);
  }

  /** @param address `again`: the one that the page has */
  private load({ sessionId }: Page, address: string): void {
    const loading: Promise<unknown> =
      address === 'again'
        ? this.pipe.send('Page.reload', {}, sessionId)
        : this.pipe.send('Page.navigate', { url: address }, sessionId);
    loading.catch((error: Error) => this.log(`the page cannot be loaded again: ${error.message}`));
  }
}

function onceGone(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
  });
}
