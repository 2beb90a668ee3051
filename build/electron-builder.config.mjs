// @ts-check
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { provideElectron } from './steps/electron-runtime.mjs';
import { setFuses } from './steps/fuses.mjs';

const electron = await provideElectron();
if (electron.kind === 'missing') throw new Error(electron.reason);

/**
 * @param {import('electron-builder').AfterPackContext} context
 * @returns {string} The executable's place in the packed folder.
 */
function executableOf({ electronPlatformName, packager }) {
  const { productFilename } = packager.appInfo;
  if (electronPlatformName === 'linux') return 'holdfast';
  return `${productFilename}.${electronPlatformName === 'win32' ? 'exe' : 'app'}`;
}

/** @type {import('electron-builder').Configuration} */
export default {
  appId: 'org.holdfast.viewer',
  productName: 'Holdfast',
  copyright: 'The Holdfast developers, MIT licence',
  directories: { output: 'release', buildResources: 'build' },
  // Everything that runs is bundled into dist/, so that no dependency is packed.
  files: ['dist/**', 'package.json', '!dist/**/.*', '!node_modules/**'],
  // Licences of Holdfast and of the bundled packages, which the builds list. They are outside the archive, where people find them.
  extraFiles: [
    { from: 'LICENSE', to: 'LICENSE.holdfast.txt' },
    { from: 'dist/electron/licences.md', to: 'LICENSES.host.md' },
    { from: 'dist/renderer/licences.md', to: 'LICENSES.window.md' },
    // The bundled packages in CycloneDX format, for tools that check packages.
    { from: 'dist/electron/bundled-packages.json', to: 'PACKAGES.host.cdx.json' },
    { from: 'dist/renderer/bundled-packages.json', to: 'PACKAGES.window.cdx.json' },
  ],
  asar: true,
  npmRebuild: false,
  // The runtime that the tests use, so that electron-builder downloads no other one.
  electronDist: electron.dist,
  electronVersion: electron.version,
  electronLanguages: ['en-US'],
  // `desktopName` is the name of the running window, by which a desktop finds the window's desktop entry.
  extraMetadata: { desktopName: 'holdfast.desktop', homepage: process.env.HOLDFAST_HOMEPAGE },
  afterPack: async (context) => {
    // electron-builder removes Electron's demonstration application only from a runtime that it downloads itself.
    await rm(join(context.appOutDir, 'resources', 'default_app.asar'), { force: true });
    // electron-builder's own setting for fuses lacks some of Electron's fuses. They are set here because its next step is to sign.
    await setFuses(join(context.appOutDir, executableOf(context)));
  },
  publish: null,
  linux: {
    target: ['AppImage', 'deb', 'rpm'],
    executableName: 'holdfast',
    icon: 'build/icons',
    category: 'AudioVideo',
    synopsis: 'A control-room viewer that does not go black',
    maintainer: process.env.HOLDFAST_MAINTAINER ?? null,
    syncDesktopName: true,
    desktop: {
      entry: {
        GenericName: 'Camera viewer',
        Categories: 'AudioVideo;Video;Player;',
        Keywords: 'CCTV;VMS;camera;video;wall;failover;',
        SingleMainWindow: 'true',
      },
    },
  },
  // Libraries that Electron's executable is linked to or loads, by their names in Debian 11 to 13 and Ubuntu 20.04 to 24.04, and
  // in Fedora, RHEL and openSUSE. xdg-utils is left out: it opens links, and Holdfast opens none.
  deb: {
    packageCategory: 'video',
    depends: [
      'libgtk-3-0 | libgtk-3-0t64',
      'libnss3',
      'libasound2 | libasound2t64',
      'libatspi2.0-0 | libatspi2.0-0t64',
      'libgbm1',
      'libxss1',
      'libxtst6',
      'libsecret-1-0',
    ],
    recommends: [],
  },
  rpm: {
    packageCategory: 'Applications/Multimedia',
    depends: [
      'gtk3',
      '(nss or mozilla-nss)',
      '(alsa-lib or libasound2)',
      'at-spi2-core',
      '(mesa-libgbm or libgbm1)',
      '(libXScrnSaver or libXss1)',
      '(libXtst or libXtst6)',
      '(libsecret or libsecret-1-0)',
    ],
  },
  mac: { target: 'dmg', icon: 'build/icons/icon.icns', category: 'public.app-category.video' },
  win: { target: 'nsis', icon: 'build/icons/icon.ico' },
  // Installs for all users of a workstation, into a folder to which only an administrator can write.
  nsis: { oneClick: false, perMachine: true, allowToChangeInstallationDirectory: true },
};
