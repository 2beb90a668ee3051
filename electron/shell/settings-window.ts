import type { BrowserWindow } from 'electron';
import type { EventName, EventPayload } from '../../shared/bridge.ts';
import { APP_ORIGIN } from '../../shared/gateway/gateway-contract.ts';
import { EVENT_CHANNEL } from './ipc-channels.ts';
import { loadPage } from './page-load.ts';
import { PAGE_CANVAS, type PageOptions, pagePreferences } from './page-preferences.ts';
import { createPlacedWindow } from './placed-window.ts';
import type { WindowMemory } from './window-memory.ts';

/** The name under which its place is remembered. */
const NAME = 'settings';
/** CSS pixels of the content. */
const SIZE = { width: 1040, height: 760 } as const;
const LEAST_SIZE = { minWidth: 640, minHeight: 480 } as const;

export interface SettingsWindowOptions extends PageOptions {
  readonly memory: WindowMemory;
}

/** The window of the settings: created when it is requested, one at most. */
export class SettingsWindow {
  private readonly options: SettingsWindowOptions;
  private window: BrowserWindow | null = null;
  /** Whether the page may keep its window open to ask about unsaved edits. */
  private edits: 'asked-about' | 'given-up' = 'asked-about';

  constructor(options: SettingsWindowOptions) {
    this.options = options;
  }

  /** The id of its web contents, by which requests are distinguished; `null` while it is closed. */
  get id(): number | null {
    return this.window?.webContents.id ?? null;
  }

  /** Opens the window, or brings the open one to the front. */
  async open(): Promise<void> {
    if (this.window !== null) {
      bringToFront(this.window);
      return;
    }
    const placing = { name: NAME, memory: this.options.memory, defaultSize: SIZE };
    const window = createPlacedWindow(placing, {
      ...LEAST_SIZE,
      title: 'Holdfast settings',
      backgroundColor: PAGE_CANVAS,
      autoHideMenuBar: true,
      webPreferences: pagePreferences(this.options),
    });
    this.window = window;
    window.on('closed', () => {
      this.window = null;
    });
    window.webContents.on('will-prevent-unload', (event) => {
      // preventDefault here overrides the page's objection, so that the window closes.
      if (this.edits === 'given-up') event.preventDefault();
      else bringToFront(window);
    });
    // The page's own title would replace the window's.
    window.on('page-title-updated', (event) => event.preventDefault());
    const load = await loadPage(window.webContents, `${APP_ORIGIN}/settings.html`);
    if (load === 'crashed') throw new Error('the page of the settings ended while it was being loaded');
  }

  send<N extends EventName>(name: N, payload: EventPayload<N>): void {
    if (this.window !== null && !this.window.isDestroyed())
      this.window.webContents.send(EVENT_CHANNEL, name, payload);
  }

  /** Closes the window, or brings it to the front with its question about unsaved edits. */
  close(): void {
    this.window?.close();
  }

  /** From now on the window closes without a question: nobody is there to answer it. */
  giveUpEdits(): void {
    this.edits = 'given-up';
  }
}

function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
