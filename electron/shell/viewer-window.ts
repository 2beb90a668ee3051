import type { BrowserWindow } from 'electron';
import type { EventName, EventPayload } from '../../shared/bridge.ts';
import { APP_ORIGIN } from '../../shared/gateway/gateway-contract.ts';
import { failedPageUrl, START_AGAIN_URL } from '../app/failed-page.ts';
import { DEFAULT_WINDOW_SIZE, type StartOptions } from '../app/options.ts';
import { PAGE_PACE, RestartBackoff } from '../app/restart-backoff.ts';
import { systemClock } from '../host/system-clock.ts';
import { Activity } from './activity.ts';
import { Heartbeat } from './heartbeat.ts';
import { EVENT_CHANNEL } from './ipc-channels.ts';
import { loadPage } from './page-load.ts';
import { PAGE_CANVAS, type PageOptions, pagePreferences } from './page-preferences.ts';
import { createPlacedWindow } from './placed-window.ts';
import type { WindowMemory } from './window-memory.ts';

export interface ViewerWindowOptions extends PageOptions {
  readonly start: StartOptions;
  readonly memory: WindowMemory;
  /** The page no longer plays: it crashed or its window closed. */
  readonly onIdle: (windowId: number) => void;
  /** Even the page with the failure message cannot be kept alive: only a restart of the application can help. */
  readonly onHopeless: (message: string) => void;
  readonly log: (message: string) => void;
}

/** The name under which its place is remembered. */
const NAME = 'viewer';

/** The window that shows a view. It keeps its page alive and reports local faults to it (rule 10). */
export class ViewerWindow {
  readonly activity: Activity;
  /**
   * The id of its web contents, by which requests are distinguished; also after it has closed, while other windows still
   * send requests.
   */
  readonly id: number;
  private readonly window: BrowserWindow;
  private readonly options: ViewerWindowOptions;
  private readonly backoff = new RestartBackoff(PAGE_PACE, () => systemClock.now());
  private readonly heartbeat: Heartbeat;
  /** `words`: the page that says when the viewer's page is loaded again. */
  private page: 'viewer' | 'words' = 'viewer';
  private cancelLoad: (() => void) | null = null;

  constructor(options: ViewerWindowOptions) {
    this.options = options;
    const { start } = options;
    const placing = {
      name: NAME,
      memory: options.memory,
      defaultSize: DEFAULT_WINDOW_SIZE,
      asked: { size: start.windowSize, presentation: start.presentation },
    };
    this.window = createPlacedWindow(placing, {
      title: 'Holdfast',
      backgroundColor: PAGE_CANVAS,
      autoHideMenuBar: true,
      webPreferences: pagePreferences(options),
    });
    this.id = this.window.webContents.id;
    this.activity = new Activity((payload) => this.send('activity.changed', payload));
    this.heartbeat = new Heartbeat({
      ask: () => this.window.webContents.executeJavaScript('0'),
      onSilent: (silentMs) => this.endHungPage(silentMs),
    });
    this.listen();
  }

  /**
   * Loads the page, with the view that it showed last. A page that crashes meanwhile is loaded again as at any other
   * time.
   * @throws where it cannot be loaded
   */
  async load(): Promise<void> {
    this.page = 'viewer';
    const shown = this.options.memory.recall(NAME)?.shown ?? '';
    await loadPage(this.window.webContents, `${APP_ORIGIN}/${shown}`);
  }

  send<N extends EventName>(name: N, payload: EventPayload<N>): void {
    if (!this.window.isDestroyed()) this.window.webContents.send(EVENT_CHANNEL, name, payload);
  }

  setFullscreen(state: 'fullscreen' | 'window'): void {
    this.window.setFullScreen(state === 'fullscreen');
  }

  /** Brings the window to the front, also when it is minimised or hidden. */
  focus(): void {
    if (this.window.isMinimized()) this.window.restore();
    this.window.show();
    this.window.focus();
  }

  onClosed(listener: () => void): void {
    this.window.once('closed', listener);
  }

  /** The window's content as PNG; `null` while nothing is visible. */
  async capture(): Promise<Uint8Array | null> {
    if (this.window.isDestroyed() || this.window.isMinimized() || !this.window.isVisible()) return null;
    const image = await this.window.webContents.capturePage();
    return image.isEmpty() ? null : image.toPNG();
  }

  private listen(): void {
    const { webContents: contents } = this.window;
    this.window.on('hide', () => this.activity.begin('window-hidden'));
    this.window.on('show', () => this.activity.end('window-hidden'));
    this.window.on('minimize', () => this.activity.begin('window-minimised'));
    this.window.on('restore', () => this.activity.end('window-minimised'));
    this.window.on('enter-full-screen', () => this.send('window.fullscreenChanged', { fullscreen: true }));
    this.window.on('leave-full-screen', () => this.send('window.fullscreenChanged', { fullscreen: false }));
    this.window.on('closed', () => {
      this.heartbeat.stop();
      this.cancelLoad?.();
      this.options.onIdle(this.id);
    });
    // The page's own title would replace the window's.
    this.window.on('page-title-updated', (event) => event.preventDefault());

    contents.on('did-finish-load', () => {
      void contents.setVisualZoomLevelLimits(1, 1);
      // A page that was just loaded has not received faults that began before.
      const reason = this.activity.suspendedBecause;
      if (reason !== null) this.send('activity.changed', { suspended: true, reason });
      if (this.window.isFullScreen()) this.send('window.fullscreenChanged', { fullscreen: true });
      if (this.page === 'viewer') this.heartbeat.start();
    });
    contents.on('will-frame-navigate', ({ url, isMainFrame }) => {
      if (this.page === 'words' && isMainFrame && url === START_AGAIN_URL) {
        this.options.log('the operator starts the page again');
        this.startAgain();
      }
    });
    contents.on('render-process-gone', (_event, { reason, exitCode }) => {
      this.heartbeat.stop();
      this.options.onIdle(this.id);
      if (reason === 'clean-exit') return;
      this.options.log(`the window's page ended (${reason}, exit code ${exitCode})`);
      this.revive();
    });
  }

  private endHungPage(silentMs: number): void {
    const contents = this.window.webContents;
    // A developer who halts the page in the debugger does it on purpose.
    if (contents.isDevToolsOpened()) {
      this.heartbeat.start();
      return;
    }
    this.options.log(`the window's page has not answered for ${silentMs / 1000} s and is ended`);
    // A reload would wait for the thread that hangs. `render-process-gone` follows.
    contents.forcefullyCrashRenderer();
  }

  private revive(): void {
    if (this.page === 'words') {
      // If the application goes on, the page is loaded again after the usual wait.
      this.options.onHopeless('no page can be kept alive, not even one of plain words');
      return;
    }
    const waitMs = this.backoff.ended();
    // Not within the event: the old process is still being removed.
    if (waitMs === 0) {
      setImmediate(() => {
        // The address still contains the view.
        if (!this.window.isDestroyed()) this.window.webContents.reload();
      });
      return;
    }
    this.options.log(
      `the page ended ${this.backoff.endsInARow} times in a row and is loaded again in ${waitMs / 1000} s`,
    );
    this.page = 'words';
    this.cancelLoad = systemClock.after(waitMs, () => this.startAgain());
    const words = failedPageUrl(APP_ORIGIN, new Date(Date.now() + waitMs));
    setImmediate(() => {
      if (!this.window.isDestroyed()) this.loadOrLog(this.window.loadURL(words));
    });
  }

  private startAgain(): void {
    this.cancelLoad?.();
    // Not within an event of the page: its own navigation is still being denied, and would cancel this one too.
    setImmediate(() => {
      if (!this.window.isDestroyed()) this.loadOrLog(this.load());
    });
  }

  /** A failure to load raises events of its own; the rejection is only logged. */
  private loadOrLog(loading: Promise<void>): void {
    loading.catch((error: unknown) =>
      this.options.log(`the page was not loaded: ${error instanceof Error ? error.message : error}`),
    );
  }
}
