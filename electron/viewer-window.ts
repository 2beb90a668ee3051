import { BrowserWindow, dialog } from 'electron';
import type { EventName, EventPayload } from '../shared/bridge.ts';
import { APP_ORIGIN } from '../shared/gateway-contract.ts';
import { Activity } from './activity.ts';
import { EVENT_CHANNEL } from './ipc-channels.ts';
import type { StartOptions } from './options.ts';
import { PAGE_CANVAS, type PageOptions, pagePreferences } from './page-preferences.ts';
import { RestartBudget } from './restart-budget.ts';

export interface ViewerWindowOptions extends PageOptions {
  readonly start: StartOptions;
  /** The page plays no longer: it crashed or its window closed. */
  readonly onIdle: (windowId: number) => void;
  readonly log: (message: string) => void;
}

const RELOADS = { limit: 3, windowMs: 60_000 } as const;

/** The window that shows a view. It keeps its page alive and tells it of local faults (behaviour.md rule 10). */
export class ViewerWindow {
  readonly activity: Activity;
  readonly #window: BrowserWindow;
  readonly #options: ViewerWindowOptions;
  readonly #reloads = new RestartBudget({ ...RELOADS, nowMs: () => performance.now() });

  constructor(options: ViewerWindowOptions) {
    this.#options = options;
    const { start } = options;
    this.#window = new BrowserWindow({
      ...start.windowSize,
      useContentSize: true,
      fullscreen: start.presentation === 'fullscreen',
      show: false,
      title: 'Holdfast',
      backgroundColor: PAGE_CANVAS,
      autoHideMenuBar: true,
      webPreferences: pagePreferences(options),
    });
    this.activity = new Activity((payload) => this.send('activity.changed', payload));
    this.#listen();
  }

  /** The id of its web contents, by which requests are told apart. */
  get id(): number {
    return this.#window.webContents.id;
  }

  async load(): Promise<void> {
    await this.#window.loadURL(`${APP_ORIGIN}/`);
  }

  send<N extends EventName>(name: N, payload: EventPayload<N>): void {
    if (!this.#window.isDestroyed()) this.#window.webContents.send(EVENT_CHANNEL, name, payload);
  }

  setFullscreen(state: 'fullscreen' | 'window'): void {
    this.#window.setFullScreen(state === 'fullscreen');
  }

  /** Brings the window to the front, from wherever it is. */
  focus(): void {
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  onClosed(listener: () => void): void {
    this.#window.once('closed', listener);
  }

  /** The window's content as PNG; `null` while there is nothing to see. */
  async capture(): Promise<Uint8Array | null> {
    if (this.#window.isDestroyed() || this.#window.isMinimized() || !this.#window.isVisible()) return null;
    const image = await this.#window.webContents.capturePage();
    return image.isEmpty() ? null : image.toPNG();
  }

  #listen(): void {
    const { webContents: contents } = this.#window;
    const { id } = contents;
    this.#window.once('ready-to-show', () => this.#window.show());
    this.#window.on('hide', () => this.activity.begin('window-hidden'));
    this.#window.on('show', () => this.activity.end('window-hidden'));
    this.#window.on('minimize', () => this.activity.begin('window-minimised'));
    this.#window.on('restore', () => this.activity.end('window-minimised'));
    this.#window.on('enter-full-screen', () => this.send('window.fullscreenChanged', { fullscreen: true }));
    this.#window.on('leave-full-screen', () => this.send('window.fullscreenChanged', { fullscreen: false }));
    this.#window.on('closed', () => this.#options.onIdle(id));
    // The page's own title would replace the window's.
    this.#window.on('page-title-updated', (event) => event.preventDefault());

    contents.on('did-finish-load', () => {
      void contents.setVisualZoomLevelLimits(1, 1);
      // A page that was loaded anew has not heard of faults that began before.
      const reason = this.activity.suspendedBecause;
      if (reason !== null) this.send('activity.changed', { suspended: true, reason });
      if (this.#window.isFullScreen()) this.send('window.fullscreenChanged', { fullscreen: true });
    });
    contents.on('render-process-gone', (_event, { reason, exitCode }) => {
      this.#options.onIdle(id);
      if (reason === 'clean-exit') return;
      this.#options.log(`the window's page ended (${reason}, exit code ${exitCode})`);
      this.#revive();
    });
  }

  #revive(): void {
    if (this.#reloads.take() === 'granted') {
      // Not within the event: the old process is still being taken down.
      setImmediate(() => {
        if (!this.#window.isDestroyed()) this.#window.webContents.reload();
      });
      return;
    }
    this.#options.log(
      `the page ended ${RELOADS.limit + 1} times within a minute and is not loaded again by itself`,
    );
    void this.#askWhetherToGoOn();
  }

  async #askWhetherToGoOn(): Promise<void> {
    const { response } = await dialog.showMessageBox(this.#window, {
      type: 'error',
      title: 'Holdfast',
      message: 'The pictures cannot be shown.',
      detail: `The page that shows them ended ${RELOADS.limit + 1} times within a minute. Its last words are in the log on the terminal.`,
      buttons: ['Try again', 'Close'],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    });
    if (this.#window.isDestroyed()) return;
    if (response === 0) this.#window.webContents.reload();
    else this.#window.close();
  }
}
