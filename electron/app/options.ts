import { parseArgs } from 'node:util';
import { LOG_TOPICS, type LogTopic } from '../../shared/running-log.ts';

/** How the application was asked to start. */
export interface StartOptions {
  /** A configuration file, or `null` for the demo. As given, relative to the working directory. */
  readonly configFile: string | null;
  /** The folder for screenshots of the window, or `null` for none. */
  readonly screenshotFolder: string | null;
  /** Size of the window's content in CSS pixels; `null` without a given size. */
  readonly windowSize: { readonly width: number; readonly height: number } | null;
  readonly presentation: 'window' | 'fullscreen';
  /** `development`: developer tools and reload are in the menu. */
  readonly mode: 'operation' | 'development';
  /** What is printed of what the window does. */
  readonly log: readonly LogTopic[];
}

export type StartRequest =
  | { readonly kind: 'run'; readonly options: StartOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'invalid'; readonly message: string };

export const DEFAULT_WINDOW_SIZE = { width: 1600, height: 900 } as const;
/** Below the minimum the bar is cut off; above the maximum no display server makes a window. CSS pixels. */
const WINDOW_SIDE = { min: 320, max: 16_384 } as const;

export const HELP = `Holdfast: a control-room viewer that does not go black.

Usage: holdfast [options]

  --config FILE          open this configuration; without it the own one, or the built-in demo
  --window WIDTHxHEIGHT  size of the window in pixels, for this start (else as it was left;
                         at first ${DEFAULT_WINDOW_SIZE.width}x${DEFAULT_WINDOW_SIZE.height})
  --fullscreen           start in full screen, this time; F11 changes it
  --screens DIR          write a screenshot of the window into DIR every 5 s, the latest 20 are kept
  --log TOPICS           print to stderr what the window does: tile (what the tiles observe and command),
                         gateway (requests for playlists and media), or tile,gateway; no headers, no queries
  --dev                  developer tools and reload in the menu (press Alt to see it); allows the
                         switches that let other programs in
  --version              print the version
  --help                 print this

Chromium's own switches are passed on, for instance --user-data-dir=DIR (a second, separate Holdfast),
--disable-gpu and --no-sandbox. Those that let other programs look into the window, put them in its place or
lead its traffic elsewhere, such as --remote-debugging-port and --proxy-server, want --dev.

Started by npm start: --shell electron or --shell chromium forces the one or the other to show the window. Without it an
installed Chromium, Chrome or Edge does where Electron cannot be had; CHROME_PATH names another browser.
`;

const OPTIONS = {
  config: { type: 'string' },
  screens: { type: 'string' },
  window: { type: 'string' },
  log: { type: 'string' },
  fullscreen: { type: 'boolean' },
  dev: { type: 'boolean' },
  version: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;
const FLAGS = new Set(['fullscreen', 'dev', 'version', 'help']);
type OptionToken = Extract<ReturnType<typeof tokensOf>[number], { kind: 'option' }>;

/**
 * Chromium's and Node's switches that are passed on. They are listed by name or by family: Chromium has thousands, and
 * an allow-list of families still catches a misspelt option of ours.
 */
const PLATFORM_SWITCHES = new Set([
  'allow-pre-commit-input',
  'autoplay-policy',
  'class',
  'display',
  'do-not-de-elevate',
  'ignore-gpu-blocklist',
  'in-process-gpu',
  'lang',
  'metrics-recording-only',
  'name',
  'no-default-browser-check',
  'no-first-run',
  'no-proxy-server',
  'no-sandbox',
  'no-zygote',
  'original-process-start-time',
  'touch-events',
  'user-data-dir',
  'v',
  'vmodule',
]);
const PLATFORM_FAMILIES =
  /^(disable|enable|force|gpu|gtk|high-dpi|log|net-log|num-raster|ozone|password-store|renderer|trace|use|wayland)(-|$)/;
/**
 * Switches that only developers need: they open a port to the window or its host, replace one of Chromium's programs,
 * redirect traffic, or remove the separation of pages and servers. They are passed on only with `--dev`, so that no
 * shortcut or script can set them unnoticed. `--no-sandbox` is not among them: the window itself shows that it is set.
 */
const DEVELOPMENT_SWITCHES = new RegExp(
  `^(${[
    'remote-(debugging|allow)-[\\w-]+',
    'inspect(-[\\w-]+)?',
    '[\\w-]+-cmd-prefix',
    'gpu-launcher',
    'browser-subprocess-path',
    'host-(rules|resolver-rules)',
    'proxy-[\\w-]+',
    'ignore-certificate-errors(-[\\w-]+)?',
    'allow-(insecure-localhost|running-insecure-content|file-access-from-files)',
    'unsafely-treat-insecure-origin-as-secure',
    'disable-(web-security|site-isolation[\\w-]*|extensions-except)',
    'disable-(namespace|seccomp-filter)-sandbox',
    'load-extension',
    'js-flags',
    'single-process',
  ].join('|')})$`,
  'i',
);

/**
 * Reads the application's own arguments: those after the executable, or in an unpackaged start those after the
 * application's path ({@link applicationArguments}). Arguments before that path are Electron's; whoever can write them
 * could start another application as well.
 */
export function parseOptions(
  args: readonly string[],
  platform: NodeJS.Platform = process.platform,
): StartRequest {
  let configFile: string | null = null;
  let screenshotFolder: string | null = null;
  let windowSize: StartOptions['windowSize'] = null;
  let presentation: StartOptions['presentation'] = 'window';
  let mode: StartOptions['mode'] = 'operation';
  let log: StartOptions['log'] = [];

  for (const token of tokensOf(args)) {
    const argument = args[token.index] ?? '';
    if (token.kind !== 'option') return invalid(unknown(argument));
    const value = givenValue(token);
    if (FLAGS.has(token.name) && token.inlineValue === true)
      return invalid(`${token.rawName} takes no value, but was given "${token.value}"`);
    switch (token.name) {
      case 'help':
        return { kind: 'help' };
      case 'version':
        return { kind: 'version' };
      case 'config':
        if (value === null) return invalid('--config needs a file, for instance --config holdfast.json');
        configFile = value;
        break;
      case 'screens':
        if (value === null) return invalid('--screens needs a folder, for instance --screens screens');
        screenshotFolder = value;
        break;
      case 'window': {
        const size = parseWindowSize(value);
        if (size === null)
          return invalid(
            `--window needs WIDTHxHEIGHT with sides of ${WINDOW_SIDE.min} to ${WINDOW_SIDE.max} pixels, ` +
              `for instance --window 1600x900${value === null ? '' : `; it was given "${value}"`}`,
          );
        windowSize = size;
        break;
      }
      case 'log': {
        const topics = parseTopics(value);
        if (topics === null)
          return invalid(
            `--log needs ${LOG_TOPICS.join(' or ')}, or both with a comma between` +
              `${value === null ? '' : `; it was given "${value}"`}`,
          );
        log = topics;
        break;
      }
      case 'fullscreen':
        presentation = 'fullscreen';
        break;
      case 'dev':
        mode = 'development';
        break;
      default:
        if (!isPlatformSwitch(token.rawName)) return invalid(unknown(argument));
    }
  }
  // Values are checked too: Chromium takes "--screens -inspect" for a switch.
  const forDevelopers = args.find((argument) => isDevelopmentSwitch(argument, platform));
  if (mode === 'operation' && forDevelopers !== undefined)
    return invalid(
      `${forDevelopers.replace(/=.*$/s, '')} lets other programs into the window or weakens what protects it: ` +
        'it is for developers, and works only with --dev',
    );
  return { kind: 'run', options: { configFile, screenshotFolder, windowSize, presentation, mode, log } };
}

/** The arguments that are Chromium's or Node's own and are passed on. */
export function platformSwitches(args: readonly string[]): string[] {
  return tokensOf(args).flatMap((token) =>
    token.kind === 'option' && isPlatformSwitch(token.rawName) ? (args[token.index] ?? []) : [],
  );
}

/**
 * The application's own arguments in `process.argv`. In an unpackaged start (`electron [switches] PATH …`) they follow
 * the application's path; in a packaged one, the executable.
 */
export function applicationArguments(argv: readonly string[], start: 'packaged' | 'unpackaged'): string[] {
  if (start === 'packaged') return argv.slice(1);
  let position = 1;
  while (position < argv.length) {
    const argument = argv[position] ?? '';
    if (argument === '-r' || argument === '--require') position += 1;
    else if (!argument.startsWith('-')) break;
    position += 1;
  }
  return argv.slice(position + 1);
}

/** Not strict: the switches of Chromium and Node are no options of ours, and pass. */
function tokensOf(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS, strict: false, tokens: true }).tokens;
}

/** `null` where an option has none: what begins with two hyphens is the next option, unless an equals sign precedes it. */
function givenValue({ value, inlineValue }: OptionToken): string | null {
  if (value === undefined || value === '') return null;
  return inlineValue === true || !value.startsWith('--') ? value : null;
}

function parseWindowSize(text: string | null): StartOptions['windowSize'] {
  const match = /^(\d{1,5})x(\d{1,5})$/i.exec(text ?? '');
  if (match === null) return null;
  const [width, height] = [Number(match[1]), Number(match[2])];
  const fits = (side: number): boolean => side >= WINDOW_SIDE.min && side <= WINDOW_SIDE.max;
  return fits(width) && fits(height) ? { width, height } : null;
}

function parseTopics(text: string | null): readonly LogTopic[] | null {
  const names = text?.split(',') ?? [];
  const topics = LOG_TOPICS.filter((topic) => names.includes(topic));
  return names.length > 0 && topics.length === new Set(names).size ? topics : null;
}

function isPlatformSwitch(name: string): boolean {
  if (!name.startsWith('--')) return false;
  const bare = name.slice(2);
  return PLATFORM_SWITCHES.has(bare) || PLATFORM_FAMILIES.test(bare) || DEVELOPMENT_SWITCHES.test(bare);
}

/** Reads a switch as Chromium does: one hyphen is enough, and on Windows a slash, also after blanks. */
function isDevelopmentSwitch(argument: string, platform: NodeJS.Platform): boolean {
  const prefix = platform === 'win32' ? /^\s*(--?|\/)/ : /^--?/;
  if (!prefix.test(argument)) return false;
  return DEVELOPMENT_SWITCHES.test(argument.replace(prefix, '').replace(/=.*$/s, '').trim());
}

function unknown(argument: string): string {
  if (!argument.startsWith('-'))
    return `"${argument}" is not an option; a configuration is opened with --config ${argument}`;
  return `unknown option ${argument}; --help lists the options`;
}

function invalid(message: string): StartRequest {
  return { kind: 'invalid', message };
}
