// @ts-check
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { provideElectron } from './steps/electron-runtime.mjs';

const electron = await provideElectron();
if (electron.kind === 'missing') throw new Error(electron.reason);

/** @type {import('electron-builder').Configuration} */
export default {
  appId: 'org.holdfast.viewer',
  productName: 'Holdfast',
  copyright: 'The Holdfast developers, MIT licence',
  directories: { output: 'release', buildResources: 'build' },
  // Everything that runs is bundled into dist/, so that no dependency is packed.
  files: ['dist/**', 'package.json', '!dist/**/.*', '!node_modules/**'],
  // The licences, of our own and of what is bundled (the builds list them), where a person finds them.
  extraFiles: [
    { from: 'LICENSE', to: 'LICENSE.holdfast.txt' },
    { from: 'dist/electron/licences.md', to: 'LICENSES.host.md' },
    { from: 'dist/renderer/licences.md', to: 'LICENSES.window.md' },
  ],
  asar: true,
  npmRebuild: false,
  // The runtime that the application was tried with, and no second download.
  electronDist: electron.dist,
  electronVersion: electron.version,
  electronLanguages: ['en-US'],
  // What only a developer or an intruder needs of the runtime is switched off in it (Electron's security checklist, 19).
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  },
  // electron-builder takes Electron's own demonstration out of its downloads only.
  afterPack: ({ appOutDir }) => rm(join(appOutDir, 'resources', 'default_app.asar'), { force: true }),
  publish: null,
  linux: {
    target: 'dir',
    executableName: 'holdfast',
    icon: 'build/icons',
    category: 'AudioVideo',
    synopsis: 'A control-room viewer that does not go black',
  },
  mac: { target: 'dir', icon: 'build/icons/512x512.png' },
  win: { target: 'dir', icon: 'build/icons/256x256.png' },
};
