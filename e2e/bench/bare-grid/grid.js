// @ts-check
/** @type {typeof import('hls.js').default} */
const Hls = Reflect.get(globalThis, 'Hls');

const playlists = new URLSearchParams(location.search).getAll('playlist');
document.body.style.gridTemplateColumns = `repeat(${Math.ceil(Math.sqrt(playlists.length))}, 1fr)`;
const tiles = playlists.map(startTile);

/** @returns {(number | null)[]} Age of every tile's newest frame by program date-time, ms; `null` before the first. */
Reflect.set(globalThis, 'pictureAgesMs', () => tiles.map((ageMs) => ageMs()));

/**
 * @param {string} playlist
 * @returns {() => number | null}
 */
function startTile(playlist) {
  const video = document.createElement('video');
  video.muted = true;
  video.autoplay = true;
  document.body.append(video);
  const hls = new Hls({ lowLatencyMode: true });
  /** @type {number | null} */
  let mediaTimeS = null;
  const watch = () =>
    video.requestVideoFrameCallback((_now, frame) => {
      mediaTimeS = frame.mediaTime;
      watch();
    });
  watch();
  hls.attachMedia(video);
  hls.loadSource(playlist);
  return () => {
    const fragments = hls.levels[hls.currentLevel]?.details?.fragments;
    const newestS = mediaTimeS;
    if (fragments === undefined || newestS === null) return null;
    const fragment = fragments.findLast(({ start }) => start <= newestS);
    if (fragment?.programDateTime == null) return null;
    return Date.now() - fragment.programDateTime - (newestS - fragment.start) * 1000;
  };
}
