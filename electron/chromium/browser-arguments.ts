import { LOOPBACK } from './web-server.ts';

/** What decides how the browser is started. */
export interface BrowserStart {
  readonly origin: string;
  /** Base64 of the SHA-256 of the server's public key. */
  readonly spkiSha256: string;
  readonly profileFolder: string;
  /** In CSS pixels. */
  readonly windowSize: { readonly width: number; readonly height: number };
  readonly presentation: 'window' | 'fullscreen';
  readonly mode: 'operation' | 'development';
  readonly sandbox: 'on' | 'off';
  readonly rendering: 'hardware' | 'software';
  /** Chromium's own, from the command line. */
  readonly switches: readonly string[];
}

/** Decided here, whatever the command line says: the first names Holdfast's own folder, of which the profile is a part. */
const NOT_PASSED_ON =
  /^--(user-data-dir|no-sandbox|ignore-certificate-errors-spki-list|host-resolver-rules|remote-debugging-pipe)(=|$)/;
const OUTER_DEBUGGER = /^--remote-debugging-port(=|$)/;

/**
 * The browser's arguments. Its address is no secret: the token, which the list of processes would show to every user of
 * the computer, goes over the pipe.
 */
export function browserArguments(start: BrowserStart): string[] {
  return [
    `--app=${start.origin}/`,
    `--user-data-dir=${start.profileFolder}`,
    // Of all certificates that nobody signed exactly the one that this process made.
    `--ignore-certificate-errors-spki-list=${start.spkiSha256}`,
    // Chromium by itself would look for such a name at IPv6's loopback as well, where another user may listen.
    `--host-resolver-rules=MAP *.localhost ${LOOPBACK}`,
    '--remote-debugging-pipe',
    `--window-size=${start.windowSize.width},${start.windowSize.height}`,
    ...(start.presentation === 'fullscreen' ? ['--start-fullscreen'] : []),
    ...(hasOwnTools(start) ? ['--auto-open-devtools-for-tabs'] : []),
    // Pictures go on behind other windows; a minimised window says so itself.
    '--disable-background-timer-throttling',
    '--disable-renderer-backgrounding',
    '--disable-backgrounding-occluded-windows',
    '--autoplay-policy=no-user-gesture-required',
    // It would end itself when its graphics process has ended six times.
    '--disable-gpu-process-crash-limit',
    ...(start.rendering === 'software' ? ['--disable-gpu'] : []),
    // Nothing but the viewer: no questions, no extensions, no calls to the maker.
    '--no-first-run',
    '--no-default-browser-check',
    '--no-service-autorun',
    '--deny-permission-prompts',
    '--disable-extensions',
    '--disable-sync',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-session-crashed-bubble',
    '--hide-crash-restore-bubble',
    // Its passwords are none: the desktop's keyring must not ask for one.
    '--password-store=basic',
    '--use-mock-keychain',
    // With `--test-type` the browser leaves its own warning to ours, which stands in the window as well.
    ...(start.sandbox === 'off' ? ['--no-sandbox', '--test-type'] : []),
    ...start.switches.filter((argument) => !NOT_PASSED_ON.test(argument)),
  ];
}

/** Who debugs over a port has tools of his own. */
function hasOwnTools({ mode, switches }: BrowserStart): boolean {
  return mode === 'development' && !switches.some((argument) => OUTER_DEBUGGER.test(argument));
}
