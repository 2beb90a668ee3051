import type { SiteRanking } from '../multivariant.ts';
import { TUNINGS, type Tuning } from '../peer-players.ts';

/** One camera: its media playlist at each of the two sites, the preferred first. */
export interface TileSources {
  readonly first: string;
  readonly second: string;
}

/** Plays a camera in `video`, from the first site as long as that site works. */
export type StartPlayer = (video: HTMLVideoElement, sources: TileSources, tuning: Tuning) => void;

/** Builds the grid from the query of the page's address: `tuning`, and for each tile `first` and `second`. */
export function startPage(start: StartPlayer): void {
  const query = new URLSearchParams(location.search);
  const tuning = TUNINGS.find((known) => known === query.get('tuning'));
  if (tuning === undefined)
    throw new Error(`tuning is "${query.get('tuning')}"; it is one of ${TUNINGS.join(', ')}`);
  const firsts = query.getAll('first');
  const seconds = query.getAll('second');
  document.body.style.gridTemplateColumns = `repeat(${Math.ceil(Math.sqrt(firsts.length))}, 1fr)`;
  for (const [index, first] of firsts.entries()) {
    const second = seconds[index];
    if (second === undefined) throw new Error(`tile ${index + 1} has no second site`);
    start(addTile(index + 1), { first, second }, tuning);
  }
}

/**
 * Address of a multivariant playlist of several sites, from the server of this page.
 * @param playlists absolute addresses of media playlists, the preferred site's first
 */
export function multivariantAddress(playlists: readonly string[], ranking: SiteRanking): string {
  const query = new URLSearchParams(playlists.map((playlist) => ['site', playlist]));
  query.set('ranking', ranking);
  return new URL(`/multivariant.m3u8?${query}`, location.href).href;
}

/** Adds a tile with the marks of the viewer's tiles, so that the same sampler and the same meter work for both. */
function addTile(tile: number): HTMLVideoElement {
  const cell = document.createElement('div');
  cell.dataset.tile = String(tile);
  const stage = document.createElement('div');
  stage.className = 'tile-stage';
  const video = document.createElement('video');
  video.muted = true;
  video.autoplay = true;
  video.playsInline = true;
  stage.append(video);
  cell.append(stage);
  document.body.append(cell);
  return video;
}
