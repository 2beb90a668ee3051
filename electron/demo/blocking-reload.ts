import { advancePartLimit } from './live-playlist.ts';
import { availableAtMs, type LiveEdge, type LiveTimeline, partsAhead } from './live-timeline.ts';

/** The reaction to a playlist request with delivery directives (RFC 8216bis, 6.2.5). */
export type Reload =
  | { readonly kind: 'now'; readonly extent: 'whole' | 'delta' }
  /** Before `untilMs`, ms since 1970, the playlist is not the requested one yet. */
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'bad-request'; readonly words: string };

/** Number of segments beyond the last whole one that a blocking request may ask for (RFC 8216bis, 6.2.5.2). */
const ADVANCE_SEGMENT_LIMIT = 2;

/** Reads `_HLS_msn`, `_HLS_part` and `_HLS_skip`. */
export function reloadOf(query: URLSearchParams, timeline: LiveTimeline, edge: LiveEdge): Reload {
  const skip = query.get('_HLS_skip');
  if (skip !== null && skip !== 'YES' && skip !== 'v2')
    return { kind: 'bad-request', words: `_HLS_skip is "${skip}": it is YES or v2.` };
  const now: Reload = { kind: 'now', extent: skip === null ? 'whole' : 'delta' };
  const [segment, part] = ['_HLS_msn', '_HLS_part'].map((name) => wholeNumber(query, name));
  if (segment === 'none')
    return part === 'none' ? now : { kind: 'bad-request', words: '_HLS_part comes without _HLS_msn.' };
  if (typeof segment !== 'number' || part === undefined || part === 'unreadable')
    return { kind: 'bad-request', words: '_HLS_msn and _HLS_part are whole numbers from 0.' };

  const last = edge.segment - 1;
  if (segment > last + ADVANCE_SEGMENT_LIMIT)
    return { kind: 'bad-request', words: `_HLS_msn is ${segment}: the last segment is ${last}.` };
  // A part number beyond a segment's last part means the first part of the next segment; without a part the whole
  // segment is meant.
  const wanted =
    part === 'none'
      ? { segment, part: timeline.partsPerSegment - 1 }
      : part < timeline.partsPerSegment
        ? { segment, part }
        : { segment: segment + 1, part: 0 };
  const ahead = partsAhead(timeline, edge, wanted.segment, wanted.part);
  if (part !== 'none' && ahead >= advancePartLimit(timeline))
    return {
      kind: 'bad-request',
      words: `_HLS_part is ${part} of segment ${segment}: too far ahead of part ${edge.parts} of segment ${edge.segment}, which comes next.`,
    };
  if (ahead < 0) return now;
  return { kind: 'wait', untilMs: availableAtMs(timeline, wanted.segment, wanted.part) };
}

function wholeNumber(query: URLSearchParams, name: string): number | 'none' | 'unreadable' {
  const value = query.get(name);
  if (value === null) return 'none';
  return /^\d{1,15}$/.test(value) ? Number(value) : 'unreadable';
}
