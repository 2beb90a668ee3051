import type { Session, WebContents } from 'electron';

/** Denies everything that a page may request from its browser: permissions, devices, downloads, dictionaries. */
export function confineSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  // Otherwise Electron fetches dictionaries from the internet.
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => event.preventDefault());
}

/**
 * Keeps a page where the host loaded it: no navigation, no redirect, no frame, no window, no `<webview>` (Electron's
 * security checklist, 11 to 14). The page may reload itself. Loads by the host do not raise these events.
 */
export function confineContents(contents: WebContents): void {
  const deny = (event: { preventDefault(): void }): void => event.preventDefault();
  const denyUnlessReload = (event: { url: string; isMainFrame: boolean; preventDefault(): void }): void => {
    if (!event.isMainFrame || event.url !== contents.getURL()) event.preventDefault();
  };
  contents.on('will-navigate', denyUnlessReload);
  contents.on('will-frame-navigate', denyUnlessReload);
  contents.on('will-redirect', deny);
  contents.on('will-attach-webview', deny);
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}
