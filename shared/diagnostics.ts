/**
 * What every tile of a window measures at one moment, for support engineers and benchmarks: the viewer's menu
 * copies it, and `window.holdfastDiagnostics()` gives it in the developer tools.
 */
export interface Diagnostics {
  /** When it was taken, ms since 1970 by this machine's clock. */
  readonly atEpochMs: number;
  readonly tiles: readonly TileDiagnostics[];
  /** What came in full since the window began, bytes. */
  readonly loaded: LoadedBytes;
}

/**
 * Media of the players that were `shown`, and of those that were not (`standby`); and what watches fetched to see whether streams
 * are alive (`probe`), playlists included. Bytes.
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
   * This machine's clock less the program date-time of the newest frame, ms: how old the picture is, as far as the
   * site's clock agrees with this machine's. `null` without date-times.
   */
  readonly pictureAgeMs: number | null;
  /** How far the newest frame is behind the live edge, ms; `null` before both are known. */
  readonly behindLiveMs: number | null;
  /** Media ahead of the picture, ms. */
  readonly bufferAheadMs: number | null;
  /** Usual time from frame to frame, ms; `null` before the second frame. */
  readonly frameIntervalMs: number | null;
  /** New pictures that this tile has shown since its start, as far as the page was told of them. */
  readonly frames: number;
  /**
   * Frames that the shown player has presented by its video's own counter, whether the page was told of them or not; counted
   * from 0 by each player.
   */
  readonly presentedFrames: number;
  /** Frames that the shown player decoded and did not present. */
  readonly droppedFrames: number;
  readonly longestGapMs: number | null;
  /** Players that run, the shown one included. */
  readonly players: number;
}
