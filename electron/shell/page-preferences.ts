import type { Session, WebPreferences } from 'electron';
import type { StartOptions } from '../app/options.ts';

/** What every window's page is made with. */
export interface PageOptions {
  readonly session: Session;
  readonly preloadFile: string;
  readonly mode: StartOptions['mode'];
}

/** The canvas of the look: a window must not flash white before its page is there. */
export const PAGE_CANVAS = '#0a0c0f';

/** The preferences of every window: nothing of Node's, nothing that a page could widen. */
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
    // At creation only: changing it later leaves videos blank (electron issue 50250).
    backgroundThrottling: false,
  };
}
