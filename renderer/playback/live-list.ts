import { type ListEncryption, type ListFacts, namesTellApart, readListFacts, tagOf } from './list-facts.ts';
import { ListNumbering } from './list-numbering.ts';
import { liveDistanceS } from './live-distance.ts';

/** Longest plausible segment, s: a longer one is a mistake of its encoder's clock. */
const LONGEST_SEGMENT_S = 60;
/** Least HOLD-BACK, in target durations. */
const LEAST_HOLD_BACK = 2;
/** Least PART-HOLD-BACK, in longest parts. */
const LEAST_PART_HOLD_BACK = 2;
/** PART-HOLD-BACK that replaces one below the least, in longest parts (RFC 8216bis, 4.4.3.8). */
const PART_HOLD_BACK = 3;

/** A media playlist as hls.js is given it. */
export interface GivenList {
  readonly text: string;
  /** Whether there is an EXT-X-ENDLIST. hls.js does not get it, as it would stop to request the playlist. */
  readonly ended: boolean;
  readonly encryption: ListEncryption;
  /** The longest of the target duration and the segments, ms; 0 without any. */
  readonly longestMs: number;
  /** Whether each segment is made on request, of what has come since the previous one. */
  readonly isMadeOnDemand: boolean;
}

/**
 * The media playlist of one player, from load to load. Listed durations count more than declared ones, and numbering that
 * restarts is continued ({@link ListNumbering}).
 */
export class LiveList {
  private readonly numbering = new ListNumbering();
  private given: GivenList | null = null;

  /**
   * @param text of a media playlist
   * @param session whether it belongs to the same session as the previous one
   */
  give(text: string, session: 'same' | 'new'): GivenList {
    const lines = text.split(/\r\n|\n|\r/);
    // hls.js itself refuses what is not a playlist.
    if (!lines.some((line) => tagOf(line).tag === 'EXTM3U')) return asItIs(text);
    const facts = readListFacts(lines);
    // A playlist that went back may be an older copy or new numbering. Until that is clear, hls.js gets the previous one.
    if (this.numbering.follow(facts, session) === 'behind' && this.given !== null) return this.given;
    const targetS = targetOf(facts);
    this.given = {
      text: this.rewritten(text, lines, facts, targetS),
      ended: facts.ended,
      encryption: facts.encryption,
      longestMs: Math.max(targetS, Math.min(facts.longestSegmentS, LONGEST_SEGMENT_S)) * 1000,
      isMadeOnDemand: isMadeOnDemand(facts),
    };
    return this.given;
  }

  /** The server's number of a segment with this number of hls.js's. */
  serverNumber(sequence: number): number {
    return this.numbering.serverNumber(sequence);
  }

  private rewritten(text: string, lines: readonly string[], facts: ListFacts, targetS: number): string {
    const partTargetS = partTargetOf(facts);
    let discontinuity = this.numbering.numberedDiscontinuity(facts.discontinuitySequence);
    const head: [tag: string, asGiven: number, declared: number][] = [
      ['EXT-X-TARGETDURATION', targetS, facts.targetS],
      ['EXT-X-MEDIA-SEQUENCE', this.numbering.numbered(facts.sequence), facts.sequence],
      ['EXT-X-DISCONTINUITY-SEQUENCE', discontinuity, facts.discontinuitySequence],
    ];
    const written = head
      .filter(([, given, declared]) => given !== declared)
      .map(([tag, given]): [string, string] => [tag, `#${tag}:${given}`]);
    if (partTargetS !== facts.partTargetS)
      written.push(['EXT-X-PART-INF', `#EXT-X-PART-INF:PART-TARGET=${partTargetS}`]);
    const control = isMadeOnDemand(facts)
      ? `HOLD-BACK=${facts.listedS + liveDistanceS(targetS)}`
      : tenable(facts.serverControl, targetS, partTargetS);
    if (control !== facts.serverControl)
      written.push(['EXT-X-SERVER-CONTROL', `#EXT-X-SERVER-CONTROL:${control}`]);
    const hasOwnInitialisation = facts.hasInitialisation && discontinuity + facts.discontinuities > 0;
    if (written.length === 0 && !facts.ended && !hasOwnInitialisation) return text;

    const dropped = new Set(['EXT-X-ENDLIST', ...written.map(([tag]) => tag)]);
    const kept: string[] = [];
    for (const line of lines) {
      const { tag, value } = tagOf(line);
      if (dropped.has(tag)) continue;
      if (tag === 'EXT-X-DISCONTINUITY') discontinuity += 1;
      kept.push(tag === 'EXT-X-MAP' ? `#${tag}:${ofItsOwn(value, discontinuity)}` : line);
    }
    const first = kept.findIndex((line) => tagOf(line).tag === 'EXTM3U');
    return kept.toSpliced(first + 1, 0, ...written.map(([, line]) => line)).join('\n');
  }
}

function asItIs(text: string): GivenList {
  return { text, ended: false, encryption: 'none', longestMs: 0, isMadeOnDemand: false };
}

/** A target duration is compared with EXTINF rounded to whole seconds (RFC 8216, 4.3.3.1). */
function targetOf({ targetS, longestSegmentS }: ListFacts): number {
  return targetS === 0 ? 0 : Math.max(targetS, Math.round(Math.min(longestSegmentS, LONGEST_SEGMENT_S)));
}

/** As {@link observedPartTargetMs}, but also for a server that lists no part right after it completed a segment. */
function partTargetOf({ partTargetS, longestPartS }: ListFacts): number {
  return Math.max(partTargetS, longestPartS);
}

/**
 * hls.js (1.7.4) caches an initialisation section by its address. After a restart, or behind a discontinuity, that address may
 * have other bytes. With a fragment identifier of its own, the section is loaded once more.
 */
function ofItsOwn(attributes: string, discontinuity: number): string {
  if (discontinuity === 0) return attributes;
  return attributes.replace(
    /\bURI\s*=\s*(?:"([^"]*)"|([^",]*))/,
    (_written, quoted?: string, bare?: string) => `URI="${quoted ?? bare ?? ''}#${discontinuity}"`,
  );
}

/**
 * go2rtc lists two segments under one address, and makes each of them on request, of what has come since the previous one. So
 * the live edge is before them, not behind.
 */
function isMadeOnDemand(facts: ListFacts): boolean {
  return facts.names.size === 2 && !namesTellApart(facts) && facts.serverControl === '';
}

function tenable(attributes: string, targetS: number, partTargetS: number): string {
  return attributes
    .replace(/(?<![A-Z-])HOLD-BACK=([\d.]+)/, (declared, value: string) =>
      Number(value) < LEAST_HOLD_BACK * targetS ? `HOLD-BACK=${LEAST_HOLD_BACK * targetS}` : declared,
    )
    .replace(/PART-HOLD-BACK=([\d.]+)/, (declared, value: string) =>
      Number(value) < LEAST_PART_HOLD_BACK * partTargetS
        ? `PART-HOLD-BACK=${PART_HOLD_BACK * partTargetS}`
        : declared,
    );
}
