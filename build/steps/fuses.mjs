// @ts-check
import { FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from '@electron/fuses';

/**
 * The state of every fuse of the pinned Electron. What only a developer or an intruder needs is switched off (Electron's security
 * checklist, item 19).
 *
 * @type {Readonly<Record<keyof typeof FuseV1Options, boolean>>}
 */
export const FUSES = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  // On Windows and macOS the runtime checks the archive. On Linux it ignores this fuse.
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  // It needs a V8 snapshot that only this process loads, and there is none.
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
  // Without it, code checks each access of WebAssembly to its memory.
  WasmTrapHandlers: true,
};

/**
 * The places of a runtime's fuses on its wire. An older runtime has fewer fuses than {@link FUSES}.
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
 * @throws {Error} When the runtime has a fuse that {@link FUSES} does not name.
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
