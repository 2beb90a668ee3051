/**
 * Shaka Player. Redundant variants that are equal become addresses of one stream, and each attempt of a request uses the
 * next address (`retryParameters`). Variants that differ stay variants: one that fails is disabled for some time and the
 * other one is used, which keeps the picture (`streaming.maxDisabledTime`).
 */

import shaka from 'shaka-player/dist/shaka-player.hls.js';
import { systemClock } from '../../../../renderer/playback/system-clock.ts';
import { playableEndOf, watchBuffer } from './buffer-watchdog.ts';
import { multivariantAddress, startPage } from './tile-page.ts';

/**
 * The tutorial "Network and Buffering Configuration": "The base delay, timeout, and maximum number of attempts should be
 * customized for your application's requirements". Because there is a second site, the first failure counts. Milliseconds.
 */
const RETRY = { maxAttempts: 1, timeout: 3000, stallTimeout: 1500, connectionTimeout: 1000 };
/** Time for which a variant that failed is not used, s. The default of `streaming.maxDisabledTime` is 30 s. */
const DISABLED_S = 15;
const NO_RESTRICTION = { minBandwidth: 0, maxBandwidth: Number.POSITIVE_INFINITY };
/** Time from a load that failed to the next load, ms. */
const RELOAD_WAIT_MS = 500;

// Tutorial "Basic Usage": the first thing that an application does.
shaka.polyfill.installAll();

startPage((video, { first, second }, tuning) => {
  const isTuned = tuning === 'tuned';
  const player = new shaka.Player();
  let sites = [first, second];
  if (isTuned)
    player.configure({
      manifest: { retryParameters: RETRY },
      streaming: { retryParameters: RETRY, maxDisabledTime: DISABLED_S, bufferBehind: 8 },
    });

  async function load(): Promise<void> {
    try {
      await player.load(multivariantAddress(sites, isTuned ? 'preferred' : 'equal'));
    } catch (error) {
      // A load that a newer one replaced has not failed.
      if (codeOf(error) === shaka.util.Error.Code.LOAD_INTERRUPTED) return;
      systemClock.after(RELOAD_WAIT_MS, loadOtherSite);
    }
  }

  function loadOtherSite(): void {
    player.configure({ restrictions: NO_RESTRICTION });
    sites = sites.toReversed();
    void load();
  }

  /** Forbids the variant in use, for {@link DISABLED_S}. Shaka then uses the other one by itself. */
  function leaveOutVariant(): void {
    const tracks = player.getVariantTracks();
    const used = tracks.find(({ active }) => active);
    if (used === undefined) {
      loadOtherSite();
      return;
    }
    const isHighest = tracks.every(({ bandwidth }) => bandwidth <= used.bandwidth);
    player.configure({
      restrictions: isHighest ? { maxBandwidth: used.bandwidth - 1 } : { minBandwidth: used.bandwidth + 1 },
    });
    systemClock.after(DISABLED_S * 1000, () => player.configure({ restrictions: NO_RESTRICTION }));
  }

  player.addEventListener('error', (event: Event) => {
    const { detail } = event as CustomEvent<{ readonly severity?: number }>;
    if (detail.severity === shaka.util.Error.Severity.CRITICAL) loadOtherSite();
  });
  void player.attach(video).then(load);
  if (isTuned)
    watchBuffer(
      systemClock,
      () => playableEndOf(video),
      (time) => (time === 1 ? leaveOutVariant() : loadOtherSite()),
    );
});

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
