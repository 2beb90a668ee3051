import { type ListEncryption, type ListFacts, namesTellApart, readListFacts, tagOf } from './list-facts.ts';
import { ListNumbering } from './list-numbering.ts';
import { liveDistanceS } from './live-distance.ts';

/** A segment that claims to be longer than this is a slip of its encoder's clock, s. */
const LONGEST_SEGMENT_S = 60;
/** Least distances to the live edge, in target durations and in longest parts, and what counts instead (RFC 8216bis, 4.4.3.8). */
const LEAST_HOLD_BACK = 2;
const LEAST_PART_HOLD_BACK = 2;
const PART_HOLD_BACK = 3;

/** A media playlist as hls.js is given it. */
export interface GivenList {
  readonly text: string;
  /** Whether the server says that nothing will be added. hls.js is not told, or it would ask no more. */
  readonly ended: boolean;
  readonly encryption: ListEncryption;
  /** The longest of the target duration and the segments, ms; 0 without any. */
  readonly longestMs: number;
  /** Whether each segment is made when it is asked for, of what has come since the one before. */
  readonly isMadeOnDemand: boolean;
}

/**
 * The media playlist of one player, from load to load. What is listed counts more than what is declared, and a count that
 * begins anew goes on ({@link ListNumbering}).
 */
export class LiveList {
  private readonly numbering = new ListNumbering();
  private given: GivenList | null = null;

  /**
   * @param text of a media playlist
   * @param session whether it is of the session of the one before it
   */
  give(text: string, session: 'same' | 'new'): GivenList {
    const lines = text.split(/\r\n|\n|\r/);
    // What is no playlist is hls.js's to refuse.
    if (!lines.some((line) => tagOf(line).tag === 'EXTM3U')) return asItIs(text);
    const facts = readListFacts(lines);
    // Until it is clear what a playlist is that went back, nothing new has come.
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

  /** The server's number of a segment that hls.js gives this one. */
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

/** EXTINF is rounded to whole seconds for a target duration (RFC 8216, 4.3.3.1). */
function targetOf({ targetS, longestSegmentS }: ListFacts): number {
  return targetS === 0 ? 0 : Math.max(targetS, Math.round(Math.min(longestSegmentS, LONGEST_SEGMENT_S)));
}

/** As {@link observedPartTargetMs}, but for a server that lists no part just after it completed a segment. */
function partTargetOf({ partTargetS, longestPartS }: ListFacts): number {
  return Math.max(partTargetS, longestPartS);
}

/**
 * hls.js (1.7.4) keeps an initialisation section by its address. After a restart, or behind a discontinuity, other
 * bytes may stand there: with a fragment of its own it is loaded once more.
 */
function ofItsOwn(attributes: string, discontinuity: number): string {
  if (discontinuity === 0) return attributes;
  return attributes.replace(
    /\bURI\s*=\s*(?:"([^"]*)"|([^",]*))/,
    (_written, quoted?: string, bare?: string) => `URI="${quoted ?? bare ?? ''}#${discontinuity}"`,
  );
}

/**
 * go2rtc lists two segments under one address, and makes each of them when it is asked for, of what has come since the one
 * before. So the live edge is before them, not behind.
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
