/**
 * hls.js with one variant per site in a multivariant playlist. Redundant variants become pathways, and errors change the
 * pathway (API.md, `maxNumRetry`: "fall back to another Pathway to recover playback").
 */

import Hls from 'hls.js';
import { systemClock } from '../../../../renderer/playback/system-clock.ts';
import { playableEndOf, watchBuffer } from './buffer-watchdog.ts';
import { hlsConfig } from './hls-config.ts';
import { HlsRecovery } from './hls-recovery.ts';
import { multivariantAddress, startPage } from './tile-page.ts';

startPage((video, { first, second }, tuning) => {
  const recovery = new HlsRecovery();
  let sites = [first, second];
  let hls = open();

  function open(): Hls {
    const opened = new Hls(hlsConfig(tuning));
    opened.on(Hls.Events.ERROR, (_event, data) => {
      if (!data.fatal || opened !== hls) return;
      if (recovery.attempt(opened, data, performance.now()) === 'tried') return;
      loadAnew();
    });
    opened.attachMedia(video);
    opened.loadSource(multivariantAddress(sites, 'equal'));
    return opened;
  }

  /** Loads the playlist with both sites again. If tuned, it lists the other site first. */
  function loadAnew(): void {
    if (tuning === 'tuned') sites = sites.toReversed();
    hls.destroy();
    hls = open();
  }

  function changePathway(): void {
    // `levels` has only the levels of the pathway in use.
    const used = hls.levels[0]?.pathwayId;
    const others = hls.pathways.filter((pathway) => pathway !== used);
    if (used === undefined || others.length === 0) loadAnew();
    else hls.pathwayPriority = [...others, used];
  }

  if (tuning === 'tuned')
    watchBuffer(
      systemClock,
      () => playableEndOf(video),
      (time) => (time === 1 ? changePathway() : loadAnew()),
    );
});
