/**
 * Measurements of every tile of a window at one moment, for support engineers and benchmarks: the viewer's menu copies
 * them, and `window.holdfastDiagnostics()` gives them in the developer tools.
 */
export interface Diagnostics {
  /** When it was taken, ms since 1970 by this machine's clock. */
  readonly atEpochMs: number;
  readonly tiles: readonly TileDiagnostics[];
  /** Bytes received completely since the window began. */
  readonly loaded: LoadedBytes;
}

/**
 * Bytes of media of players that were `shown`, and of other players (`standby`); and bytes that watches fetched to
 * check streams (`probe`), including playlists.
 */
export interface LoadedBytes {
  readonly shown: number;
  readonly standby: number;
  readonly probe: number;
}

export interface TileDiagnostics {
  /** The cell, counted from 1, row by row. */
  readonly tile: number;
  readonly camera: string;
  /** `<siteId>/<quality>` of the picture in the tile; `null` before the first. */
  readonly shown: string | null;
  readonly phase: string;
  /**
   * Age of the picture, ms: this machine's clock minus the program date-time of the newest frame. It is right if the
   * site's clock agrees with this machine's. `null` without date-times.
   */
  readonly pictureAgeMs: number | null;
  /** Distance of the newest frame from the live edge, ms; `null` before both are known. */
  readonly behindLiveMs: number | null;
  /** Media buffered ahead of the picture, ms. */
  readonly bufferAheadMs: number | null;
  /** Usual time from frame to frame, ms; `null` before the second frame. */
  readonly frameIntervalMs: number | null;
  /** New pictures that this tile has shown since its start and that were reported to the page. */
  readonly frames: number;
  /**
   * Frame counter of the shown player's video, whether each frame was reported to the page or not; each player counts
   * from 0.
   */
  readonly presentedFrames: number;
  /** Frames that the shown player decoded and did not present. */
  readonly droppedFrames: number;
  readonly longestGapMs: number | null;
  /** Running players, including the shown one. */
  readonly players: number;
}
