import { reloadOf } from './blocking-reload.ts';
import { type ClipLoop, loopClip, type PictureRun, rhythmOf, stillClip } from './clip-loop.ts';
import type { Clip } from './fmp4.ts';
import type { LiveAnswer, LiveFiles, StreamCondition } from './live-files.ts';
import { livePlaylist, mediaFile, PLAYLIST_FILE, PLAYLIST_TYPE, windowAt } from './live-playlist.ts';
import {
  availableAtMs,
  EPOCH_MS,
  edgeAt,
  type LiveEdge,
  type LiveTimeline,
  partsAhead,
  timelineOf,
} from './live-timeline.ts';
import { multivariantPlaylist } from './multivariant-playlist.ts';
import { checkShape, type StreamShape } from './stream-shape.ts';

/** The pictures of one quality. */
export interface QualityClips {
  readonly moving: Clip;
  /** Encoded like `moving`, which it replaces under the same init segment; `null` where no black is needed. */
  readonly black: Clip | null;
}

/** The clips of a camera's stream. All have the same timing. */
export interface StreamClips {
  readonly main: QualityClips;
  /** The second rendition, and the other encoding of the first; `null` where they are not needed. */
  readonly sub: QualityClips | null;
}

export interface LiveFilesOptions {
  readonly clips: StreamClips;
  readonly shape: StreamShape;
  /**
   * Time by which this camera's pictures are ahead of the clip's, ms; a multiple of the key picture interval. 0 by
   * default.
   */
  readonly phaseMs?: number;
}

type Quality = keyof StreamClips;

const INIT_FILES: Readonly<Record<StreamCondition['encoding'], string>> = {
  usual: 'init.mp4',
  other: 'init-other.mp4',
};
const OTHER_QUALITY: Readonly<Record<Quality, Quality>> = { main: 'sub', sub: 'main' };

/**
 * One camera of one site as live HLS, on a timeline that every stream of that shape shares:
 * * `index.m3u8`, `init.mp4`, `<n>.m4s` or `<n>.ts`, and with parts `<n>.<part>.m4s`; with the other encoding
 * `init-other.mp4`;
 * * multivariant: `index.m3u8`, and below it the same in `main/` and `sub/`, which the other encoding swaps.
 * A frozen picture is the clip's first one. A restarted stream does not exist in its first moments. An answer throws a
 * RangeError where the clock is before the shared epoch, or a condition needs a missing clip.
 * @throws {RangeError} for an impossible shape, and naming the clips that do not fit it
 */
export function createLiveFiles({ clips, shape, phaseMs = 0 }: LiveFilesOptions): LiveFiles {
  checkShape(shape);
  if (shape.multivariant && clips.sub === null)
    throw new RangeError('A multivariant stream needs clips of the sub quality');
  const pictures = pictureCount(clips, shape, phaseMs);
  const loopsOf = (of: QualityClips): Record<StreamCondition['picture'], ClipLoop | null> => ({
    moving: loopClip(of.moving),
    frozen: loopClip(stillClip(of.moving)),
    black: of.black === null ? null : loopClip(of.black),
  });
  const loops = { main: loopsOf(clips.main), sub: clips.sub === null ? null : loopsOf(clips.sub) };

  const loopOf = (quality: Quality, picture: StreamCondition['picture']): ClipLoop => {
    const loop = loops[quality]?.[picture];
    if (loop == null) throw new RangeError(`There is no clip of a ${picture} picture in ${quality} quality`);
    return loop;
  };

  const rendition = (
    quality: Quality,
    file: string,
    query: URLSearchParams,
    nowMs: number,
    condition: StreamCondition,
  ): LiveAnswer => {
    const timeline = timelineOf(shape, beginMsOf(condition, nowMs));
    const edge = edgeAt(timeline, nowMs);
    const loop = loopOf(condition.encoding === 'usual' ? quality : OTHER_QUALITY[quality], condition.picture);
    const phase = pictures.phaseAt(timeline.beginMs);
    const partRun = (segment: number, part: number): PictureRun => ({
      first: segment * pictures.perSegment + part * pictures.perPart,
      count: pictures.perPart,
      phase,
    });
    if (file === PLAYLIST_FILE) {
      if (edge.segment === 0 && (shape.partMs === null || edge.parts === 0))
        return missing('The stream began just now: nothing of it is there yet.');
      const reload =
        shape.partMs === null ? ({ kind: 'now', extent: 'whole' } as const) : reloadOf(query, timeline, edge);
      if (reload.kind !== 'now') return reload;
      return {
        kind: 'file',
        type: PLAYLIST_TYPE,
        body: livePlaylist({
          shape,
          timeline,
          edge,
          initFile: shape.container === 'mpegts' ? null : INIT_FILES[condition.encoding],
          programDateTimes: shape.programDateTimes ? condition.programDateTimes : 'none',
          isIndependent: (segment, part) => loop.beginsWithKeyPicture(partRun(segment, part)),
          otherRenditions: shape.multivariant ? [`../${OTHER_QUALITY[quality]}/${PLAYLIST_FILE}`] : [],
          extent: reload.extent,
        }),
      };
    }
    if (shape.container === 'fmp4' && file === INIT_FILES[condition.encoding])
      return { kind: 'file', type: 'video/mp4', body: loop.init };
    const named = /^(0|[1-9]\d{0,14})(?:\.(0|[1-9]\d{0,2}))?\.(?:m4s|ts)$/.exec(file);
    const segment = Number(named?.[1]);
    const part = named?.[2] === undefined ? undefined : Number(named[2]);
    const hasPart = part === undefined || (shape.partMs !== null && part < timeline.partsPerSegment);
    if (named === null || !hasPart || mediaFile(shape, segment, part) !== file)
      return missing(`The stream has no file "${file}".`);
    if (isLost(timeline, segment, part, condition))
      return missing(`${nameOf(segment, part)} was never written.`);
    const notServed = unlessServed(shape, timeline, edge, segment, part);
    if (notServed !== null) return notServed;
    if (shape.container === 'mpegts')
      return {
        kind: 'file',
        type: 'video/mp2t',
        body: loop.transportSegment({ ...partRun(segment, 0), count: pictures.perSegment }, segment),
      };
    const body =
      part === undefined
        ? Buffer.concat(
            Array.from({ length: pictures.perSegment / pictures.perPart }, (_, index) =>
              loop.fragment(partRun(segment, index)),
            ),
          )
        : loop.fragment(partRun(segment, part));
    return { kind: 'file', type: 'video/mp4', body };
  };

  return {
    answer(file, query, nowMs, condition) {
      if (condition.sourceGoneSinceMs !== null) return missing('The camera sends nothing.');
      if (!shape.multivariant) return rendition('main', file, query, nowMs, condition);
      if (file === PLAYLIST_FILE) return multivariant(clips, condition);
      const [, quality, rest] = /^(main|sub)\/([^/]+)$/.exec(file) ?? [];
      if (quality === undefined || rest === undefined) return missing(`The stream has no file "${file}".`);
      return rendition(quality === 'main' ? 'main' : 'sub', rest, query, nowMs, condition);
    },
  };
}

function missing(words: string): LiveAnswer {
  return { kind: 'missing', words };
}

/** A restart has no effect before its time. */
function beginMsOf({ restartedAtMs }: StreamCondition, nowMs: number): number {
  return restartedAtMs !== null && restartedAtMs <= nowMs ? restartedAtMs : EPOCH_MS;
}

function isLost(
  timeline: LiveTimeline,
  segment: number,
  part: number | undefined,
  { lost }: StreamCondition,
): boolean {
  if (lost === null || segment !== edgeAt(timeline, lost.sinceMs).segment + 1) return false;
  if (part === undefined) return lost.whole === 'lost';
  return lost.parts === 'all' || lost.parts.includes(part);
}

function nameOf(segment: number, part: number | undefined): string {
  return part === undefined ? `Segment ${segment}` : `Part ${part} of segment ${segment}`;
}

/** `null` for an available file. */
function unlessServed(
  shape: StreamShape,
  timeline: LiveTimeline,
  edge: LiveEdge,
  segment: number,
  part: number | undefined,
): LiveAnswer | null {
  const name = nameOf(segment, part);
  const ahead = partsAhead(timeline, edge, segment, part ?? timeline.partsPerSegment - 1);
  // The playlist has hinted at the next part: its request is answered when the part is available.
  if (part !== undefined && ahead === 0)
    return { kind: 'wait', untilMs: availableAtMs(timeline, segment, part) };
  const { first, last } = windowAt(shape, edge);
  if (ahead >= 0) return missing(`${name} is not there yet: the last segment is ${last}.`);
  if (segment < first - shape.keptSegments)
    return missing(`${name} is gone: the playlist begins with ${first}.`);
  return null;
}

function multivariant({ main, sub }: StreamClips, { encoding }: StreamCondition): LiveAnswer {
  const usual = [main, ...(sub === null ? [] : [sub])];
  const [first, second] = encoding === 'usual' ? usual : usual.toReversed();
  const variants = [
    ...(first === undefined ? [] : [{ uri: `main/${PLAYLIST_FILE}`, clip: first.moving }]),
    ...(second === undefined ? [] : [{ uri: `sub/${PLAYLIST_FILE}`, clip: second.moving }]),
  ];
  return { kind: 'file', type: PLAYLIST_TYPE, body: multivariantPlaylist(variants) };
}

/** Numbers of pictures per segment and part, the same for every clip. */
function pictureCount({ main, sub }: StreamClips, shape: StreamShape, phaseMs: number) {
  const { moving } = main;
  const { picturesPerS, keyInterval } = rhythmOf(moving);
  for (const clip of [main.black, sub?.moving, sub?.black]) {
    if (clip == null) continue;
    const other = rhythmOf(clip);
    if (
      other.picturesPerS !== picturesPerS ||
      other.keyInterval !== keyInterval ||
      clip.samples.length !== moving.samples.length
    )
      throw new RangeError(
        `${clip.file} has ${clip.samples.length} pictures, ${other.picturesPerS} a second and each ${other.keyInterval}th a key picture, ${moving.file} ${moving.samples.length}, ${picturesPerS} and ${keyInterval}: they cannot take each other's place`,
      );
  }
  for (const quality of [main, sub])
    if (quality?.black != null && !Buffer.from(quality.black.init).equals(quality.moving.init))
      throw new RangeError(
        `${quality.black.file} has another init segment than ${quality.moving.file}: it cannot take its place`,
      );
  const perSegment = (shape.segmentMs * picturesPerS) / 1000;
  const isAligned = shape.keyPictures === 'anywhere' || perSegment % keyInterval === 0;
  if (!Number.isInteger(perSegment) || !isAligned)
    throw new RangeError(
      `${moving.file} has ${picturesPerS} pictures a second and each ${keyInterval}th is a key picture: segments of ${shape.segmentMs} ms would not begin with one`,
    );
  const { partsPerSegment } = timelineOf(shape, EPOCH_MS);
  // A plain segment has a fragment for each key picture, as most packagers write it.
  const perFragment = shape.keyPictures === 'anywhere' ? perSegment : keyInterval;
  const perPart = shape.partMs === null ? perFragment : perSegment / partsPerSegment;
  if (!Number.isInteger(perPart))
    throw new RangeError(
      `${moving.file} has ${picturesPerS} pictures a second: they cannot be cut into parts of ${shape.partMs} ms`,
    );
  const keyIntervalMs = (1000 * keyInterval) / picturesPerS;
  if (!(phaseMs >= 0) || phaseMs % keyIntervalMs !== 0)
    throw new RangeError(
      `phaseMs is ${phaseMs}: it is a multiple of ${keyIntervalMs} ms, the interval of key pictures`,
    );
  return {
    perSegment,
    perPart,
    /**
     * The picture of the clip with which a stream begins: a key picture, so that a restart changes the scene little.
     */
    phaseAt: (beginMs: number): number =>
      Math.round((beginMs - EPOCH_MS + phaseMs) / keyIntervalMs) * keyInterval,
  };
}
