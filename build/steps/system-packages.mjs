// @ts-check
import { existsSync } from 'node:fs';
import { capture, findCommand, SetUpError, say } from './command.mjs';

/**
 * The Debian and Ubuntu packages of the libraries that Electron needs. The names since the 64-bit time_t transition (Debian 13,
 * Ubuntu 24.04) come first.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const PACKAGES_OF_LIBRARY = {
  'libX11.so.6': ['libx11-6'],
  'libXcomposite.so.1': ['libxcomposite1'],
  'libXdamage.so.1': ['libxdamage1'],
  'libXext.so.6': ['libxext6'],
  'libXfixes.so.3': ['libxfixes3'],
  'libXrandr.so.2': ['libxrandr2'],
  'libasound.so.2': ['libasound2t64', 'libasound2'],
  'libatk-1.0.so.0': ['libatk1.0-0t64', 'libatk1.0-0'],
  'libatk-bridge-2.0.so.0': ['libatk-bridge2.0-0t64', 'libatk-bridge2.0-0'],
  'libatspi.so.0': ['libatspi2.0-0t64', 'libatspi2.0-0'],
  'libcairo.so.2': ['libcairo2'],
  'libcups.so.2': ['libcups2t64', 'libcups2'],
  'libdbus-1.so.3': ['libdbus-1-3'],
  'libdrm.so.2': ['libdrm2'],
  'libexpat.so.1': ['libexpat1'],
  'libgbm.so.1': ['libgbm1'],
  'libgio-2.0.so.0': ['libglib2.0-0t64', 'libglib2.0-0'],
  'libglib-2.0.so.0': ['libglib2.0-0t64', 'libglib2.0-0'],
  'libgobject-2.0.so.0': ['libglib2.0-0t64', 'libglib2.0-0'],
  'libgtk-3.so.0': ['libgtk-3-0t64', 'libgtk-3-0'],
  'libnspr4.so': ['libnspr4'],
  'libnss3.so': ['libnss3'],
  'libnssutil3.so': ['libnss3'],
  'libpango-1.0.so.0': ['libpango-1.0-0'],
  'libsmime3.so': ['libnss3'],
  'libudev.so.1': ['libudev1'],
  'libxcb.so.1': ['libxcb1'],
  'libxkbcommon.so.0': ['libxkbcommon0'],
};

/** Libraries that Electron loads while it runs, so that `ldd` does not name them. */
const LOADED_LATER = ['libgtk-3.so.0'];

/**
 * Commands and the package of each.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const PACKAGES_OF_COMMAND = {
  Xvfb: ['xvfb'],
  ffmpeg: ['ffmpeg'],
  ip: ['iproute2'],
  openbox: ['openbox'],
  nginx: ['nginx'],
  'gst-launch-1.0': ['gstreamer1.0-tools'],
  cvlc: ['vlc-bin'],
};

/**
 * Packages without which a command is of no use here.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const PLUGINS_OF_COMMAND = {
  nginx: ['libnginx-mod-rtmp'],
  'gst-launch-1.0': [
    'gstreamer1.0-plugins-bad',
    'gstreamer1.0-plugins-base',
    'gstreamer1.0-plugins-good',
    'gstreamer1.0-plugins-ugly',
  ],
  cvlc: ['vlc-plugin-base'],
};

/**
 * Commands whose packages start a service. Where systemd runs, these packages are not installed automatically: the line to type
 * is printed instead.
 */
const SERVICES = ['nginx'];

/** @typedef {{ libraries: string[], commands: string[], plugins: string[] }} Missing */

/**
 * Which of Electron's libraries and of the given commands the machine lacks. On other systems than Linux, Electron includes
 * everything that it needs.
 *
 * @param {string | undefined} executable Electron's, if there is one.
 * @param {readonly string[]} commands
 * @returns {Promise<Missing>}
 */
async function findMissing(executable, commands) {
  if (process.platform !== 'linux') return { libraries: [], commands: [], plugins: [] };
  const linked = executable === undefined ? '' : (await capture('ldd', [executable])).stdout;
  const known = executable === undefined ? '' : (await capture('/sbin/ldconfig', ['-p'])).stdout;
  const later = known === '' ? [] : LOADED_LATER.filter((library) => !known.includes(`${library} `));
  return {
    libraries: [...new Set([...missingLibraries(linked), ...later])],
    commands: commands.filter(
      (command) => findCommand(command) === undefined && !existsSync(`/usr/sbin/${command}`),
    ),
    plugins: await missingPlugins(commands.flatMap((command) => PLUGINS_OF_COMMAND[command] ?? [])),
  };
}

/**
 * @param {readonly string[]} names
 * @returns {Promise<string[]>} The packages that dpkg does not list as installed; none where there is no dpkg.
 */
async function missingPlugins(names) {
  if (names.length === 0 || findCommand('dpkg-query') === undefined) return [];
  const { stdout } = await capture('dpkg-query', [
    '--show',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own way to name a field
    '--showformat=${Package} ${db:Status-Status}\n',
    ...names,
  ]);
  const installed = new Set([...stdout.matchAll(/^(\S+) installed$/gm)].flatMap((match) => match[1] ?? []));
  return names.filter((name) => !installed.has(name));
}

/** @type {ReturnType<typeof capture> | undefined} The update of apt's lists: one is enough for all installations of a process. */
let updating;

/**
 * Provides the libraries of Electron and the given commands. It installs them where that needs no password: as root on Debian or
 * Ubuntu.
 *
 * @param {string | undefined} executable Electron's, if there is one.
 * @param {readonly string[]} commands
 * @throws {SetUpError} Where it cannot install them, and when apt-get fails. The message has the exact line to type.
 */
export async function provideSystemPackages(executable, commands) {
  const missing = await findMissing(executable, commands);
  const names = namesOf(missing);
  if (names === '') return;
  if (findCommand('apt-get') === undefined)
    throw new SetUpError(`the system lacks ${names}: install it with the system’s package manager`);

  const isRoot = process.getuid?.() === 0;
  const isService = missing.commands.some((command) => SERVICES.includes(command));
  if (!isRoot || (isService && existsSync('/run/systemd/system'))) {
    const packages = await packagesHere(missing);
    if (packages.length === 0) throw unknownPackage(names);
    throw new SetUpError(`the system lacks ${names}: ${installLine(packages)}`);
  }

  say(`the system lacks ${names}: installing …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  updating ??= capture('apt-get', ['update', '-qq'], env);
  const updated = await updating;
  const packages = await packagesHere(missing);
  const installed = await capture(
    'apt-get',
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
    env,
  );
  if (installed.code !== 0) {
    process.stderr.write(updated.code === 0 ? installed.output : updated.output + installed.output);
    throw new SetUpError(`apt-get failed, for the reason above; to try again: ${installLine(packages)}`);
  }
  const still = namesOf(await findMissing(executable, commands));
  if (still !== '') throw unknownPackage(still);
}

/** @param {Missing} missing */
function namesOf({ libraries, commands, plugins }) {
  return [...libraries, ...commands, ...plugins].join(', ');
}

/** @param {string} names */
function unknownPackage(names) {
  return new SetUpError(
    `the system lacks ${names}: install the packages that hold it (apt-file search NAME finds them)`,
  );
}

/**
 * @param {string} lddOutput
 * @returns {string[]} The libraries that the loader did not find.
 */
export function missingLibraries(lddOutput) {
  return [...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].flatMap((match) => match[1] ?? []);
}

/**
 * @param {string} policyOutput Of `apt-cache policy`.
 * @returns {Set<string>} The packages that can be installed; a name that is only an alias of another package cannot.
 */
export function installable(policyOutput) {
  return new Set(
    [...policyOutput.matchAll(/^(\S+):\n {2}Installed: .*\n {2}Candidate: (.*)$/gm)]
      .filter((match) => match[2] !== '(none)')
      .flatMap((match) => match[1] ?? []),
  );
}

/**
 * @param {Missing} missing
 * @param {ReadonlySet<string>} available The packages that apt can install; empty while apt has no lists.
 * @returns {string[]} Packages that provide what is missing. For a library without an entry in {@link PACKAGES_OF_LIBRARY} there
 *   is none: it is mostly installed as a dependency of the others.
 */
export function packagesFor(missing, available) {
  const chosen = candidatesFor(missing).flatMap(
    (names) => names.find((name) => available.has(name)) ?? names.at(-1) ?? [],
  );
  return [...new Set(chosen)].sort();
}

/**
 * @param {Missing} missing
 * @returns {(readonly string[])[]} For each missing thing, packages of which one is enough to provide it.
 */
function candidatesFor({ libraries, commands, plugins }) {
  return [
    ...libraries.map((library) => PACKAGES_OF_LIBRARY[library] ?? []),
    ...commands.map((command) => PACKAGES_OF_COMMAND[command] ?? [command]),
    ...plugins.map((name) => [name]),
  ];
}

/** @param {readonly string[]} packages */
export function installLine(packages) {
  return `sudo apt-get update && sudo apt-get install -y ${packages.join(' ')}`;
}

/** @param {Missing} missing */
async function packagesHere(missing) {
  const policy = await capture('apt-cache', ['policy', ...candidatesFor(missing).flat()], {
    ...process.env,
    LC_ALL: 'C',
  });
  return packagesFor(missing, installable(policy.stdout));
}
