import type { Session, WebPreferences } from 'electron';
import type { StartOptions } from '../app/options.ts';

/** What a window's page is created with. */
export interface PageOptions {
  readonly session: Session;
  readonly preloadFile: string;
  readonly mode: StartOptions['mode'];
}

/** The canvas colour: a window must not flash white before its page is there. */
export const PAGE_CANVAS = '#0a0c0f';

/** The preferences of every window: no Node, and nothing that a page could extend. */
export function pagePreferences({ session, preloadFile, mode }: PageOptions): WebPreferences {
  return {
    session,
    preload: preloadFile,
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    devTools: mode === 'development',
    // Set at creation only: changing it later leaves videos blank (electron issue 50250).
    backgroundThrottling: false,
  };
}
