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
  asar: true,
  npmRebuild: false,
  // The runtime that the application was tried with, and no second download.
  electronDist: electron.dist,
  electronVersion: electron.version,
  electronLanguages: ['en-US'],
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
