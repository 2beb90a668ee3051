import { availableAtMs, type LiveEdge, type LiveTimeline } from './live-timeline.ts';
import type { StreamShape } from './stream-shape.ts';

export const PLAYLIST_FILE = 'index.m3u8';
/** The content type of a playlist (RFC 8216, 4). */
export const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl';

/** The content of a media playlist. Its addresses are relative to its own. */
export interface PlaylistContent {
  readonly shape: StreamShape;
  readonly timeline: LiveTimeline;
  readonly edge: LiveEdge;
  /** Address of the init segment; a transport stream has none. */
  readonly initFile: string | null;
  /** Added to every program date-time, ms; `none` omits them. */
  readonly programDateTimes: 'none' | number;
  readonly isIndependent: (segment: number, part: number) => boolean;
  /** Addresses of the playlists of the other renditions, which have the same live edge. */
  readonly otherRenditions: readonly string[];
  /** `delta`: the client has the older segments already (`_HLS_skip`). */
  readonly extent: 'whole' | 'delta';
}

/** Address of a segment, or of a part of one. */
export function mediaFile(
  { container }: Pick<StreamShape, 'container'>,
  segment: number,
  part?: number,
): string {
  if (container === 'mpegts') return `${segment}.ts`;
  return part === undefined ? `${segment}.m4s` : `${segment}.${part}.m4s`;
}

/** The numbers of the first and the last whole segment in a playlist: `last` is below `first` where there is none. */
export function windowAt(
  { windowSegments }: Pick<StreamShape, 'windowSegments'>,
  edge: LiveEdge,
): { readonly first: number; readonly last: number } {
  return { first: Math.max(0, edge.segment - windowSegments), last: edge.segment - 1 };
}

/** Number of target durations before the playlist's end for which parts are listed (RFC 8216bis, 4.4.4.9). */
const PARTS_LISTED_TARGETS = 3;
/** The smallest permitted skip boundary, in target durations (RFC 8216bis, 4.4.3.8). */
const SKIP_BOUNDARY_TARGETS = 6;
const HOLD_BACK_TARGETS = 3;
/** The recommended hold-back, in parts; the minimum is two (RFC 8216bis, 4.4.3.8). */
const PART_HOLD_BACK_PARTS = 3;

/** A media playlist (RFC 8216; with parts draft-pantos-hls-rfc8216bis). */
export function livePlaylist(content: PlaylistContent): string {
  const { shape, timeline, edge, initFile } = content;
  const { first, last } = windowAt(shape, edge);
  const low = shape.partMs !== null;
  const skipped = low && content.extent === 'delta' ? skippable(content) : 0;
  const lines = [
    '#EXTM3U',
    `#EXT-X-VERSION:${low ? 9 : initFile === null ? 3 : 7}`,
    `#EXT-X-TARGETDURATION:${Math.ceil(timeline.segmentMs / 1000)}`,
    ...(low ? lowLatencyHead(timeline) : []),
    `#EXT-X-MEDIA-SEQUENCE:${first}`,
    ...(shape.keyPictures === 'begin-segments' ? ['#EXT-X-INDEPENDENT-SEGMENTS'] : []),
    ...(skipped > 0 ? [`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`] : []),
    // Also after skipped segments: the next ones may have another encoding than those that the client has.
    ...(initFile === null ? [] : [`#EXT-X-MAP:URI="${initFile}"`]),
  ];
  for (let n = first + skipped; n <= last; n++) {
    lines.push(...dateLines(content, n));
    if (low && edge.segment - n <= PARTS_LISTED_TARGETS)
      lines.push(...partLines(content, n, timeline.partsPerSegment));
    lines.push(`#EXTINF:${(timeline.segmentMs / 1000).toFixed(3)},`, mediaFile(shape, n));
  }
  if (low) {
    if (edge.parts > 0) lines.push(...dateLines(content, edge.segment));
    lines.push(
      ...partLines(content, edge.segment, edge.parts),
      `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${mediaFile(shape, edge.segment, edge.parts)}"`,
    );
    const newest =
      edge.parts > 0
        ? `LAST-MSN=${edge.segment},LAST-PART=${edge.parts - 1}`
        : `LAST-MSN=${last},LAST-PART=${timeline.partsPerSegment - 1}`;
    for (const uri of content.otherRenditions) lines.push(`#EXT-X-RENDITION-REPORT:URI="${uri}",${newest}`);
  }
  return `${lines.join('\n')}\n`;
}

function lowLatencyHead(timeline: LiveTimeline): string[] {
  const targetS = Math.ceil(timeline.segmentMs / 1000);
  const control = [
    'CAN-BLOCK-RELOAD=YES',
    `PART-HOLD-BACK=${seconds(PART_HOLD_BACK_PARTS * partTargetS(timeline))}`,
    `HOLD-BACK=${HOLD_BACK_TARGETS * targetS}`,
    `CAN-SKIP-UNTIL=${SKIP_BOUNDARY_TARGETS * targetS}`,
  ];
  return [
    `#EXT-X-SERVER-CONTROL:${control.join()}`,
    `#EXT-X-PART-INF:PART-TARGET=${seconds(partTargetS(timeline))}`,
  ];
}

/** Rounded up: no part may be longer than the target. */
function partTargetS({ segmentMs, partsPerSegment }: LiveTimeline): number {
  return Math.ceil((segmentMs / partsPerSegment) * 100) / 100_000;
}

function seconds(value: number): string {
  return String(Number(value.toFixed(5)));
}

function partLines(content: PlaylistContent, segment: number, count: number): string[] {
  const { shape, timeline } = content;
  const durationS = seconds(Math.floor((timeline.segmentMs / timeline.partsPerSegment) * 100) / 100_000);
  return Array.from({ length: count }, (_, part) => {
    const independent = content.isIndependent(segment, part) ? ',INDEPENDENT=YES' : '';
    return `#EXT-X-PART:DURATION=${durationS},URI="${mediaFile(shape, segment, part)}"${independent}`;
  });
}

function dateLines({ timeline, programDateTimes }: PlaylistContent, segment: number): string[] {
  if (programDateTimes === 'none') return [];
  const date = new Date(timeline.beginMs + segment * timeline.segmentMs + programDateTimes);
  return [`#EXT-X-PROGRAM-DATE-TIME:${date.toISOString()}`];
}

/** Number of the window's segments that are wholly before the skip boundary. */
function skippable({ shape, timeline, edge }: PlaylistContent): number {
  const { first, last } = windowAt(shape, edge);
  const boundaryMs = SKIP_BOUNDARY_TARGETS * Math.ceil(timeline.segmentMs / 1000) * 1000;
  const endMs =
    edge.parts > 0
      ? availableAtMs(timeline, edge.segment, edge.parts - 1)
      : timeline.beginMs + edge.segment * timeline.segmentMs;
  let skipped = 0;
  for (let n = first; n <= last; n++)
    if (endMs - (timeline.beginMs + (n + 1) * timeline.segmentMs) > boundaryMs) skipped++;
  return skipped;
}

/** Number of parts beyond the newest one that a blocking request may ask for (RFC 8216bis, 6.2.5.2). */
export function advancePartLimit(timeline: LiveTimeline): number {
  const targetS = partTargetS(timeline);
  return targetS < 1 ? Math.ceil(3 / targetS) : 3;
}
