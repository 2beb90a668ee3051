// @ts-check
import { FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from '@electron/fuses';

/**
 * Every fuse of the pinned Electron. What only a developer or an intruder needs of the runtime is switched off in it (Electron's
 * security checklist, 19).
 *
 * @type {Readonly<Record<keyof typeof FuseV1Options, boolean>>}
 */
export const FUSES = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  // Windows and macOS check; Linux has nothing to check against, and ignores it.
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  // Needs a snapshot of its own.
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
  // Without it each access of WebAssembly to its memory is checked in code.
  WasmTrapHandlers: true,
};

/**
 * The fuses that a runtime has, by their places on its wire. An older one has fewer than {@link FUSES}.
 *
 * @param {object} wire As `getCurrentFuseWire` gives it.
 * @returns {number[]}
 */
export function placesOn(wire) {
  return Object.keys(wire)
    .filter((place) => /^\d+$/.test(place))
    .map(Number);
}

/**
 * Sets all fuses that a runtime has.
 *
 * @param {string} executable
 * @throws {Error} Where it has one that is not named here.
 */
export async function setFuses(executable) {
  const places = placesOn(await getCurrentFuseWire(executable));
  const states = places.map((place) => {
    const name = /** @type {keyof typeof FUSES | undefined} */ (FuseV1Options[place]);
    const state = name === undefined ? undefined : FUSES[name];
    if (state === undefined)
      throw new Error(`The runtime has a fuse at place ${place} that build/steps/fuses.mjs does not name`);
    return [place, state];
  });
  await flipFuses(executable, {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: false,
    ...Object.fromEntries(states),
  });
}
