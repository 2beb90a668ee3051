/**
 * Shaka Player: redundant variants of one playlist become addresses of one stream, tried in turn with every attempt of a
 * request (`retryParameters`); a critical error loads the playlist again with the other site first.
 */

import shaka from 'shaka-player/dist/shaka-player.hls.js';
import { systemClock } from '../../../../renderer/playback/clock.ts';
import { playableEndOf, watchBuffer } from './buffer-watchdog.ts';
import { multivariantAddress, startPage } from './tile-page.ts';

/**
 * The tutorial "Network and Buffering Configuration": "The base delay, timeout, and maximum number of attempts should be
 * customized for your application's requirements". Every second attempt goes to the other site: without a wait.
 * Milliseconds.
 */
const RETRY = {
  maxAttempts: 4,
  baseDelay: 0,
  backoffFactor: 1,
  fuzzFactor: 0,
  timeout: 3000,
  stallTimeout: 1500,
  connectionTimeout: 1000,
};
/** `streaming.maxDisabledTime` is 30 s unless set. Seconds. */
const DISABLED_S = 15;
/** What a load that failed is followed by the next after, ms. */
const RELOAD_WAIT_MS = 500;

// Tutorial "Basic Usage": the first thing that an application does.
shaka.polyfill.installAll();

startPage((video, { first, second }, tuning) => {
  const player = new shaka.Player();
  let sites = [first, second];
  if (tuning === 'tuned')
    player.configure({
      manifest: { retryParameters: RETRY },
      streaming: { retryParameters: RETRY, maxDisabledTime: DISABLED_S, bufferBehind: 8 },
    });

  async function load(): Promise<void> {
    try {
      await player.load(multivariantAddress(sites, 'equal'));
    } catch (error) {
      // A load that a newer one took the place of is none that failed.
      if (codeOf(error) === shaka.util.Error.Code.LOAD_INTERRUPTED) return;
      systemClock.after(RELOAD_WAIT_MS, loadOtherSite);
    }
  }

  function loadOtherSite(): void {
    sites = sites.toReversed();
    void load();
  }

  player.addEventListener('error', (event: Event) => {
    const { detail } = event as CustomEvent<{ readonly severity?: number }>;
    if (detail.severity === shaka.util.Error.Severity.CRITICAL) loadOtherSite();
  });
  void player.attach(video).then(load);
  if (tuning === 'tuned') watchBuffer(systemClock, () => playableEndOf(video), loadOtherSite);
});

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
