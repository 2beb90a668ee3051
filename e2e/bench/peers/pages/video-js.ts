/**
 * video.js, whose VHS excludes a playlist that fails from its selection for some time ("backup or redundant streams" in the
 * README of http-streaming).
 */

import videojs from 'video.js';
import { systemClock } from '../../../../renderer/playback/system-clock.ts';
import { playableEndOf, watchBuffer } from './buffer-watchdog.ts';
import { multivariantAddress, startPage } from './tile-page.ts';

/** Time for which a failed playlist is excluded, s. With the default of 60 s, a site that is back would be unused too long. */
const EXCLUSION_S = 15;
/** Shortest time between two reloads by reloadSourceOnError, s; by default 30 s (docs/reload-source-on-error.md). */
const RELOAD_INTERVAL_S = 2;

/** The part of VHS that is used here. VHS has no types; its README has them in "Runtime Properties". */
interface Vhs {
  readonly playlists: { media(): { readonly id: string } | undefined };
  representations(): readonly { readonly id: string; enabled(enabled: boolean): void }[];
}
interface WithReloadPlugin {
  reloadSourceOnError(options?: { errorInterval: number }): void;
}

startPage((video, { first, second }, tuning) => {
  const isTuned = tuning === 'tuned';
  let sites = [first, second];
  const player = videojs(video, {
    autoplay: 'muted',
    controls: false,
    errorDisplay: false,
    html5: { vhs: isTuned ? { playlistExclusionDuration: EXCLUSION_S } : {} },
  });
  // The plugin is a part of VHS, and the types of video.js do not have it.
  (player as unknown as WithReloadPlugin).reloadSourceOnError(
    isTuned ? { errorInterval: RELOAD_INTERVAL_S } : undefined,
  );
  load();

  function load(): void {
    player.src({
      src: multivariantAddress(sites, isTuned ? 'preferred' : 'equal'),
      type: 'application/x-mpegURL',
    });
  }

  function disableRendition(): void {
    const { vhs } = player.tech({ IWillNotUseThisInPlugins: true }) as unknown as { vhs?: Vhs };
    const used = vhs?.playlists.media()?.id;
    const starving = vhs?.representations().find(({ id }) => id === used);
    if (starving === undefined) return;
    starving.enabled(false);
    systemClock.after(EXCLUSION_S * 1000, () => starving.enabled(true));
  }

  if (isTuned)
    watchBuffer(
      systemClock,
      () => playableEndOf(video),
      (time) => {
        if (time === 1) return disableRendition();
        sites = sites.toReversed();
        load();
      },
    );
});
