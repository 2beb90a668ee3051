/** hls.js as most applications make it redundant: on a fatal error they load the address of the other site. */

import Hls from 'hls.js';
import { systemClock } from '../../../../renderer/playback/system-clock.ts';
import { playableEndOf, watchBuffer } from './buffer-watchdog.ts';
import { hlsConfig } from './hls-config.ts';
import { HlsRecovery } from './hls-recovery.ts';
import { startPage } from './tile-page.ts';

startPage((video, { first, second }, tuning) => {
  const recovery = new HlsRecovery();
  let current = first;
  let hls = open();

  function open(): Hls {
    const opened = new Hls(hlsConfig(tuning));
    opened.on(Hls.Events.ERROR, (_event, data) => {
      if (!data.fatal || opened !== hls) return;
      if (tuning === 'default' && recovery.attempt(opened, data, performance.now()) === 'tried') return;
      changeSite();
    });
    opened.attachMedia(video);
    opened.loadSource(current);
    return opened;
  }

  function changeSite(): void {
    hls.destroy();
    current = current === first ? second : first;
    hls = open();
  }

  if (tuning === 'tuned') watchBuffer(systemClock, () => playableEndOf(video), changeSite);
});
