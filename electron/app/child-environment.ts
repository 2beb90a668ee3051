type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that a browser or a plain Node process needs, by name. None of them is meant for secrets. */
const NAMES = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TZ',
  'LANG',
  'LANGUAGE',
  'TMPDIR',
  'TMP',
  'TEMP',
  // The Linux desktop: display, session, input, sound.
  'DISPLAY',
  'XAUTHORITY',
  'ICEAUTHORITY',
  'SESSION_MANAGER',
  'DESKTOP_SESSION',
  'GNOME_DESKTOP_SESSION_ID',
  'DBUS_SESSION_BUS_ADDRESS',
  'DBUS_SYSTEM_BUS_ADDRESS',
  'AT_SPI_BUS_ADDRESS',
  'NO_AT_BRIDGE',
  'XMODIFIERS',
  'DRI_PRIME',
  'LD_LIBRARY_PATH',
  'CHROME_DEVEL_SANDBOX',
  'LOCALE_ARCHIVE',
  'GSETTINGS_SCHEMA_DIR',
  // Electron's own: its desktop entry, the display's protocol, its log.
  'CHROME_DESKTOP',
  'ORIGINAL_XDG_CURRENT_DESKTOP',
  'ELECTRON_OZONE_PLATFORM_HINT',
  'ELECTRON_ENABLE_LOGGING',
  // Certificate files.
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  // macOS.
  '__CF_USER_TEXT_ENCODING',
  // Windows.
  'SYSTEMROOT',
  'SYSTEMDRIVE',
  'WINDIR',
  'COMSPEC',
  'PATHEXT',
  'OS',
  'COMPUTERNAME',
  'NUMBER_OF_PROCESSORS',
  'USERNAME',
  'USERDOMAIN',
  'USERPROFILE',
  'HOMEDRIVE',
  'HOMEPATH',
  'APPDATA',
  'LOCALAPPDATA',
  'ALLUSERSPROFILE',
  'PUBLIC',
  'SESSIONNAME',
]);
/** Beginnings of names: locale, desktop, toolkits, fonts, sound, and the drivers that draw and decode. */
const FAMILIES =
  /^(LC|XDG|WAYLAND|XCURSOR|KDE|GDK|GTK|QT|FONTCONFIG|PULSE|PIPEWIRE|ALSA|LIBVA|VDPAU|MESA|LIBGL|GALLIUM|VK|EGL|__EGL|__GLX|__NV|PROCESSOR)_/;
/** `ProgramFiles`, `ProgramFiles(x86)`, `ProgramData`, `ProgramW6432`, `CommonProgramFiles`. */
const PROGRAM_FOLDERS = /^(COMMON)?PROGRAM(FILES|DATA|W6432)(\(X86\))?$/;

/**
 * The environment for the processes that Holdfast starts: Electron with all its processes, the browser of the Chromium
 * shell, and the demo's sites. It is an allow-list, because any other variable may hold a secret, either one that the
 * configuration names (`{ "env": … }`) or another program's. Proxies are left out: children connect to this computer
 * only, and the host uses none.
 * On Linux, Electron's pages are forked from a process that Electron starts before any of our code runs. So a keeper
 * starts Electron with this environment (kept-process.ts); an Electron started without a keeper passes on its whole
 * environment.
 * @param environment this process's own, or the one handed over to it
 */
export function childEnvironment(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && isAllowed(entry[0]),
    ),
  );
}

/** Upper or lower case does not matter: on Windows, names are the same in both. */
function isAllowed(name: string): boolean {
  const upper = name.toUpperCase();
  return NAMES.has(upper) || FAMILIES.test(upper) || PROGRAM_FOLDERS.test(upper);
}
