import type { GapFault, Setup } from './matrix.ts';

/** Two sites with the same cameras. The first site can be made to fail. The benchmark needs nothing else from a rig. */
export interface GapRig {
  /** Id of the site that fails, which has the highest priority. */
  readonly siteId: string;
  /** A configuration file for Holdfast, with one view of all cameras. */
  readonly configFile: string;
  /** Addresses of the playlists of the site that fails, one per tile. */
  readonly playlists: readonly string[];
  /** @returns when the fault took effect, ms since 1970 */
  setFault(fault: GapFault): Promise<number>;
  /** @returns when the fault ended, ms since 1970 */
  clear(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Starts the sites for a setup.
 * @param stableMs the stable time of the policy (rule 8), ms
 */
export type OpenGapRig = (setup: Setup, stableMs: number) => Promise<GapRig>;
