import type { GapFault, Setup } from './matrix.ts';

/** Two sites with the same cameras, of which the first can be made to fail: all that the benchmark asks of a rig. */
export interface GapRig {
  /** Of the site that fails, the one of the highest priority. */
  readonly siteId: string;
  /** A configuration file for Holdfast, with one view of all cameras. */
  readonly configFile: string;
  /** Addresses of the playlists of the site that fails, one per tile. */
  readonly playlists: readonly string[];
  /** @returns when it came into force, ms since 1970 */
  setFault(fault: GapFault): Promise<number>;
  /** @returns when the site was whole again, ms since 1970 */
  clear(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Starts the sites for a setup.
 * @param stableMs the policy's (rule 8), ms
 */
export type OpenGapRig = (setup: Setup, stableMs: number) => Promise<GapRig>;
