import { LOOPBACK } from './web-server.ts';

/** Everything that the browser's arguments depend on. */
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
  /** Chromium's own switches, from the command line. */
  readonly switches: readonly string[];
}

/**
 * Switches that are decided here, whatever the command line says. `--user-data-dir` on the command line is Holdfast's
 * own folder, which contains the profile.
 */
const NOT_PASSED_ON =
  /^--(user-data-dir|no-sandbox|ignore-certificate-errors-spki-list|host-resolver-rules|remote-debugging-pipe)(=|$)/;
const OUTER_DEBUGGER = /^--remote-debugging-port(=|$)/;

/**
 * The browser's arguments. The address is no secret. The token is one, so it goes over the pipe: the list of processes
 * would show it to every user of the computer.
 */
export function browserArguments(start: BrowserStart): string[] {
  return [
    `--app=${start.origin}/`,
    `--user-data-dir=${start.profileFolder}`,
    // Of all certificates without a known authority, the browser accepts only the one that this process made.
    `--ignore-certificate-errors-spki-list=${start.spkiSha256}`,
    // By default Chromium would also try such a name at IPv6's loopback address, where another user may listen.
    `--host-resolver-rules=MAP *.localhost ${LOOPBACK}`,
    '--remote-debugging-pipe',
    `--window-size=${start.windowSize.width},${start.windowSize.height}`,
    ...(start.presentation === 'fullscreen' ? ['--start-fullscreen'] : []),
    ...(hasOwnTools(start) ? ['--auto-open-devtools-for-tabs'] : []),
    // Pictures go on behind other windows; a minimised window reports that itself.
    '--disable-background-timer-throttling',
    '--disable-renderer-backgrounding',
    '--disable-backgrounding-occluded-windows',
    '--autoplay-policy=no-user-gesture-required',
    // Otherwise the browser would end after six crashes of its graphics process.
    '--disable-gpu-process-crash-limit',
    ...(start.rendering === 'software' ? ['--disable-gpu'] : []),
    // Only the viewer: no questions, no extensions, no connections to the maker.
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
    // The profile stores no passwords: the desktop's keyring must not ask for one.
    '--password-store=basic',
    '--use-mock-keychain',
    // `--test-type` removes the browser's own warning, because the window shows ours.
    ...(start.sandbox === 'off' ? ['--no-sandbox', '--test-type'] : []),
    ...start.switches.filter((argument) => !NOT_PASSED_ON.test(argument)),
  ];
}

/** Whoever debugs over a port has tools of his own. */
function hasOwnTools({ mode, switches }: BrowserStart): boolean {
  return mode === 'development' && !switches.some((argument) => OUTER_DEBUGGER.test(argument));
}
