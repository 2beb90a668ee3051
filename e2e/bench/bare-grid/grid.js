// @ts-check
/** @type {typeof import('hls.js').default} */
const Hls = Reflect.get(globalThis, 'Hls');

const playlists = new URLSearchParams(location.search).getAll('playlist');
document.body.style.gridTemplateColumns = `repeat(${Math.ceil(Math.sqrt(playlists.length))}, 1fr)`;
const tiles = playlists.map(startTile);

/** @returns {(number | null)[]} Age of every tile's newest frame by program date-time, ms; `null` before the first. */
Reflect.set(globalThis, 'pictureAgesMs', () => tiles.map(({ ageMs }) => ageMs()));
/** @returns {{ frames: number, presentedFrames: number, droppedFrames: number, pictureAgeMs: number | null, players: number }[]} Of every tile since its start. */
Reflect.set(globalThis, 'gridFigures', () =>
  tiles.map(({ video, frames, ageMs }) => {
    const { totalVideoFrames, droppedVideoFrames } = video.getVideoPlaybackQuality();
    return {
      frames: frames(),
      presentedFrames: totalVideoFrames - droppedVideoFrames,
      droppedFrames: droppedVideoFrames,
      pictureAgeMs: ageMs(),
      players: 1,
    };
  }),
);

/**
 * @param {string} playlist
 * @returns {{ video: HTMLVideoElement, frames: () => number, ageMs: () => number | null }}
 */
function startTile(playlist) {
  const video = document.createElement('video');
  video.muted = true;
  video.autoplay = true;
  document.body.append(video);
  const hls = new Hls({ lowLatencyMode: true });
  /** @type {number | null} */
  let mediaTimeS = null;
  let presented = 0;
  const watch = () =>
    video.requestVideoFrameCallback((_now, frame) => {
      // As Holdfast counts: a new picture that the page was told of.
      if (frame.mediaTime !== mediaTimeS) presented += 1;
      mediaTimeS = frame.mediaTime;
      watch();
    });
  watch();
  hls.attachMedia(video);
  hls.loadSource(playlist);
  const ageMs = () => {
    const fragments = hls.levels[hls.currentLevel]?.details?.fragments;
    const newestS = mediaTimeS;
    if (fragments === undefined || newestS === null) return null;
    const fragment = fragments.findLast(({ start }) => start <= newestS);
    if (fragment?.programDateTime == null) return null;
    return Date.now() - fragment.programDateTime - (newestS - fragment.start) * 1000;
  };
  return { video, frames: () => presented, ageMs };
}
