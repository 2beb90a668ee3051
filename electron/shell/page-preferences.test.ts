import type { Session } from 'electron';
import { expect, it } from 'vitest';
import { pagePreferences } from './page-preferences.ts';

const session = {} as Session;

it.each(['development', 'operation'] as const)(
  'a page in %s gets no preference that could do harm',
  (mode) => {
    const preferences = pagePreferences({ session, preloadFile: 'preload.cjs', mode });
    expect(preferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      devTools: mode === 'development',
    });
    expect(Object.keys(preferences)).not.toContain('experimentalFeatures');
    expect(Object.keys(preferences)).not.toContain('enableBlinkFeatures');
  },
);
