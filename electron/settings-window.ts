import type { BrowserWindow } from 'electron';
import type { EventName, EventPayload } from '../shared/bridge.ts';
import { APP_ORIGIN } from '../shared/gateway-contract.ts';
import { EVENT_CHANNEL } from './ipc-channels.ts';
import { PAGE_CANVAS, type PageOptions, pagePreferences } from './page-preferences.ts';
import { createPlacedWindow } from './placed-window.ts';
import type { WindowMemory } from './window-memory.ts';

/** By which its place is remembered. */
const NAME = 'settings';
/** CSS pixels of the content. */
const SIZE = { width: 1040, height: 760 } as const;
const LEAST_SIZE = { minWidth: 640, minHeight: 480 } as const;

export interface SettingsWindowOptions extends PageOptions {
  readonly memory: WindowMemory;
}

/** The window of the settings: there when it is asked for, at most once. */
export class SettingsWindow {
  readonly #options: SettingsWindowOptions;
  #window: BrowserWindow | null = null;

  constructor(options: SettingsWindowOptions) {
    this.#options = options;
  }

  /** The id of its web contents, by which requests are told apart; `null` while it is closed. */
  get id(): number | null {
    return this.#window?.webContents.id ?? null;
  }

  /** Opens the window, or brings the open one to the front. */
  async open(): Promise<void> {
    if (this.#window !== null) {
      if (this.#window.isMinimized()) this.#window.restore();
      this.#window.show();
      this.#window.focus();
      return;
    }
    const placing = { name: NAME, memory: this.#options.memory, defaultSize: SIZE };
    const window = createPlacedWindow(placing, {
      ...LEAST_SIZE,
      title: 'Holdfast settings',
      backgroundColor: PAGE_CANVAS,
      autoHideMenuBar: true,
      webPreferences: pagePreferences(this.#options),
    });
    this.#window = window;
    window.on('closed', () => {
      this.#window = null;
    });
    // The page's own title would replace the window's.
    window.on('page-title-updated', (event) => event.preventDefault());
    await window.loadURL(`${APP_ORIGIN}/settings.html`);
  }

  send<N extends EventName>(name: N, payload: EventPayload<N>): void {
    if (this.#window !== null && !this.#window.isDestroyed())
      this.#window.webContents.send(EVENT_CHANNEL, name, payload);
  }

  close(): void {
    this.#window?.close();
  }
}
