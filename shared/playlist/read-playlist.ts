/*
 * A reader of the project's own. hls-parser 0.16 throws on what real servers write, or logs it and reads broken durations as 0,
 * without line numbers. m3u8-parser 7.2 accepts everything, HTML included, and is larger than this.
 */
import { type Attributes, readAttributes } from './attributes.ts';
import type {
  ByteRange,
  Encryption,
  InitialisationSection,
  MediaPlaylist,
  MediaResource,
  OpenSegment,
  Part,
  Playlist,
  Segment,
  Variant,
} from './playlist.ts';
import { readProgramDateTime } from './program-date-time.ts';
import { VariableProblem, type VariableSources, VariableTable } from './variables.ts';

/** `problem` completes "the playlist …", or is a sentence by itself. `line` counts from 1. */
export type PlaylistReading =
  | { readonly ok: true; readonly playlist: Playlist }
  | { readonly ok: false; readonly problem: string; readonly line: number };

/**
 * Reads a multivariant or media playlist. Never throws. It tolerates mistakes of servers that do no harm (line ends, a byte order
 * mark, blanks, missing versions, fractional target durations, unknown tags, unreadable date-times). It refuses what would make the
 * live edge uncertain. Variables are replaced as hls.js replaces them.
 */
export function readPlaylist(text: string, variableSources: VariableSources = {}): PlaylistReading {
  try {
    return { ok: true, playlist: new Reader(text, variableSources).read() };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.message, line: error.line };
    throw error;
  }
}

class Refusal extends Error {
  readonly line: number;

  constructor(problem: string, line: number) {
    super(problem);
    this.line = line;
  }
}

/** A segment whose number and time are known only when the whole playlist is read. */
type Unplaced<T> = Omit<T, 'sequence' | 'programDateTimeMs'> & {
  sequence: number;
  programDateTimeMs: number | null;
};

class Reader {
  private readonly lines: string[];
  /** Number of the line that was read last, from 1. */
  private line = 0;

  private readonly variants: Variant[] = [];
  private variant: Omit<Variant, 'uri'> | null = null;
  private variantLine = 0;

  private readonly segments: Unplaced<Segment>[] = [];
  /** Number of the first line that only a media playlist has; 0 before that line. */
  private mediaLine = 0;
  private targetDurationMs: number | null = null;
  private partTargetMs: number | null = null;
  private mediaSequence = 0;
  private discontinuitySequence = 0;
  private skippedSegments = 0;
  private canSkipUntilMs: number | null = null;
  private ended = false;

  // What the tags before a segment's address say about it. Map and encryption hold until they are changed.
  private map: InitialisationSection | null = null;
  /** The keys in force, by key format: a key holds until the next one of its format, or until METHOD=NONE. */
  private readonly keys = new Map<string, Encryption>();
  private encryption: Encryption | null = null;
  private durationMs: number | null = null;
  private durationLine = 0;
  private programDateTimeMs: number | null = null;
  private discontinuity = false;
  private gap = false;
  private byteRange: { length: number; offset: number | null } | null = null;
  private parts: Part[] = [];

  private readonly variables: VariableTable;

  constructor(text: string, variableSources: VariableSources) {
    this.lines = text.split(/\r\n|\n|\r/);
    this.variables = new VariableTable(variableSources);
  }

  read(): Playlist {
    this.readHeader();
    try {
      this.readLines();
    } catch (error) {
      if (error instanceof VariableProblem) this.refuse(error.message);
      throw error;
    }
    if (this.variants.length > 0 || this.variant !== null) {
      if (this.mediaLine > 0) throw new Refusal('mixes segments with variants', this.mediaLine);
      if (this.variant !== null)
        throw new Refusal('EXT-X-STREAM-INF has no address after it', this.variantLine);
      return { kind: 'multivariant', variants: this.variants, variables: this.variables.values };
    }
    return this.mediaPlaylist();
  }

  private readLines(): void {
    while (this.line < this.lines.length) {
      const line = this.next();
      if (line.startsWith('#EXT')) {
        const colon = line.indexOf(':');
        if (colon < 0) this.readTag(line.slice(1), '');
        else this.readTag(line.slice(1, colon), line.slice(colon + 1).trim());
      } else if (line !== '' && !line.startsWith('#')) this.readAddress(this.variables.replaceIn(line));
    }
  }

  private readHeader(): void {
    let first = '';
    while (first === '' && this.line < this.lines.length)
      first = this.next()
        .replace(/^\uFEFF/, '')
        .trim();
    if (/^#EXTM3U(?!\S)/.test(first)) return;
    const problem =
      first === ''
        ? 'is empty'
        : /^<(!doctype html|html|head|body)/i.test(first)
          ? 'is HTML'
          : first.startsWith('<')
            ? 'is XML'
            : // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters distinguish bytes from text.
              /[\u0000-\u0008\u000e-\u001f\uFFFD]/.test(first)
              ? 'is not text'
              : 'does not begin with #EXTM3U';
    throw new Refusal(problem, this.line);
  }

  private next(): string {
    const line = this.lines[this.line] ?? '';
    this.line += 1;
    return line.trim();
  }

  private attributes(value: string): Attributes {
    return readAttributes(value, (quoted) => this.variables.replaceIn(quoted));
  }

  private refuse(problem: string): never {
    throw new Refusal(problem, this.line);
  }

  private readTag(tag: string, value: string): void {
    switch (tag) {
      case 'EXT-X-STREAM-INF':
        if (this.variant !== null)
          throw new Refusal('EXT-X-STREAM-INF has no address after it', this.variantLine);
        this.variant = readVariant(this.attributes(value));
        this.variantLine = this.line;
        return;
      case 'EXT-X-DEFINE':
        this.variables.define(this.attributes(value));
        return;
      case 'EXT-X-TARGETDURATION':
        this.targetDurationMs = this.seconds(tag, value);
        break;
      case 'EXT-X-MEDIA-SEQUENCE':
        this.mediaSequence = this.count(tag, value);
        break;
      case 'EXT-X-DISCONTINUITY-SEQUENCE':
        this.discontinuitySequence = this.count(tag, value);
        break;
      case 'EXT-X-ENDLIST':
        this.ended = true;
        break;
      case 'EXT-X-PART-INF':
        this.partTargetMs = this.secondsOf(tag, this.attributes(value), 'PART-TARGET');
        break;
      case 'EXT-X-SERVER-CONTROL':
        this.canSkipUntilMs = readSkipBoundary(this.attributes(value));
        break;
      case 'EXT-X-SKIP':
        this.skippedSegments = this.count(tag, this.attributes(value).get('SKIPPED-SEGMENTS') ?? '');
        break;
      case 'EXT-X-PRELOAD-HINT':
        // Only the player requests what the tag names. Here the tag shows that this is a media playlist.
        break;
      case 'EXTINF':
        if (this.durationMs !== null) throw new Refusal('EXTINF has no address after it', this.durationLine);
        this.durationMs = this.seconds(tag, value.replace(/,.*$/s, ''));
        this.durationLine = this.line;
        break;
      case 'EXT-X-BYTERANGE':
        this.byteRange = this.readByteRange(tag, value);
        break;
      case 'EXT-X-DISCONTINUITY':
        this.discontinuity = true;
        break;
      case 'EXT-X-GAP':
        this.gap = true;
        break;
      case 'EXT-X-PROGRAM-DATE-TIME':
        // A date-time is a hint, never proof of life: one that cannot be read counts as none.
        this.programDateTimeMs = readProgramDateTime(value);
        break;
      case 'EXT-X-KEY':
        this.readKey(this.attributes(value));
        break;
      case 'EXT-X-MAP': {
        const attributes = this.attributes(value);
        this.map = {
          uri: this.uriOf(tag, attributes),
          byteRange: this.rangeOf(tag, attributes, null),
          encryption: this.encryption,
        };
        break;
      }
      case 'EXT-X-PART':
        this.readPart(tag, this.attributes(value));
        break;
      default:
        return;
    }
    this.mediaLine ||= this.line;
  }

  private readAddress(uri: string): void {
    if (this.variant !== null) {
      this.variants.push({ uri, ...this.variant });
      this.variant = null;
      return;
    }
    if (this.durationMs === null) this.refuse('an address has no EXTINF before it');
    const { programDateTimeMs, discontinuity, gap, map, encryption, parts } = this.takeOpenSegment();
    this.segments.push({
      uri,
      durationMs: this.durationMs,
      byteRange: following(this.byteRange, uri, this.segments.at(-1) ?? null),
      sequence: 0,
      programDateTimeMs,
      discontinuity,
      gap,
      map,
      encryption,
      parts,
    });
    this.durationMs = null;
    this.byteRange = null;
  }

  private takeOpenSegment(): Unplaced<OpenSegment> {
    const open = {
      sequence: 0,
      programDateTimeMs: this.programDateTimeMs,
      discontinuity: this.discontinuity,
      gap: this.gap,
      map: this.map,
      encryption: this.encryption,
      parts: this.parts,
    };
    this.programDateTimeMs = null;
    this.discontinuity = false;
    this.gap = false;
    this.parts = [];
    return open;
  }

  private readKey(attributes: Attributes): void {
    const method = attributes.get('METHOD');
    // Players ignore a key without a method.
    if (method === undefined || method === '') return;
    if (method === 'NONE') this.keys.clear();
    else {
      const keyFormat = attributes.get('KEYFORMAT') ?? 'identity';
      this.keys.set(keyFormat, {
        method,
        uri: attributes.get('URI') || null,
        ivHex: /^0x([0-9a-f]+)$/i.exec(attributes.get('IV') ?? '')?.[1]?.toLowerCase() ?? null,
        keyFormat,
      });
    }
    this.encryption = this.keys.get('identity') ?? this.keys.values().next().value ?? null;
  }

  private readPart(tag: string, attributes: Attributes): void {
    this.parts.push({
      uri: this.uriOf(tag, attributes),
      durationMs: this.secondsOf(tag, attributes, 'DURATION'),
      independent: attributes.get('INDEPENDENT') === 'YES',
      gap: attributes.get('GAP') === 'YES',
      byteRange: this.rangeOf(tag, attributes, this.parts.at(-1) ?? null),
    });
  }

  private mediaPlaylist(): MediaPlaylist {
    if (this.mediaLine === 0) throw new Refusal('names neither segments nor variants', this.lines.length);
    if (this.durationMs !== null) throw new Refusal('EXTINF has no address after it', this.durationLine);
    if (this.targetDurationMs === null) throw new Refusal('has no EXT-X-TARGETDURATION', this.mediaLine);
    const segments = this.segments;
    const openSegment = this.parts.length === 0 ? null : this.takeOpenSegment();
    const longestMs = segments.reduce((longest, segment) => Math.max(longest, segment.durationMs), 0);
    return {
      kind: 'media',
      targetDurationMs: this.targetDurationMs || longestMs || 1000,
      partTargetMs: this.partTargetMs,
      mediaSequence: this.mediaSequence,
      discontinuitySequence: this.discontinuitySequence,
      skippedSegments: this.skippedSegments,
      ...placed(segments, openSegment, this.mediaSequence + this.skippedSegments),
      canSkipUntilMs: this.canSkipUntilMs,
      ended: this.ended,
    };
  }

  private seconds(tag: string, value: string): number {
    const seconds = readDecimal(value);
    if (seconds === null)
      this.refuse(value === '' ? `${tag} has no duration` : `${tag} has a broken duration`);
    return milliseconds(seconds);
  }

  private secondsOf(tag: string, attributes: Attributes, name: string): number {
    const seconds = readDecimal(attributes.get(name));
    if (seconds === null) this.refuse(`${tag} has no ${name}`);
    return milliseconds(seconds);
  }

  /** A whole number up to 2^53 - 1: above it, neighbouring numbers cannot be distinguished. */
  private count(tag: string, value: string): number {
    const count = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (!Number.isSafeInteger(count)) this.refuse(`${tag} is not a whole number that can be counted on`);
    return count;
  }

  private uriOf(tag: string, attributes: Attributes): string {
    return attributes.get('URI') || this.refuse(`${tag} has no URI`);
  }

  private rangeOf(tag: string, attributes: Attributes, previous: MediaResource | null): ByteRange | null {
    const value = attributes.get('BYTERANGE');
    const range = value === undefined ? null : this.readByteRange(tag, value);
    return following(range, attributes.get('URI') ?? '', previous);
  }

  private readByteRange(tag: string, value: string): { length: number; offset: number | null } {
    const match = /^(\d{1,15})(?:@(\d{1,15}))?$/.exec(value);
    if (match === null) this.refuse(`${tag} has a broken byte range`);
    return { length: Number(match[1]), offset: match[2] === undefined ? null : Number(match[2]) };
  }
}

/** A range without an offset begins where the previous range of the same resource ended (RFC 8216, 4.3.2.2). */
function following(
  range: { length: number; offset: number | null } | null,
  uri: string,
  previous: MediaResource | null,
): ByteRange | null {
  if (range === null) return null;
  const before = previous !== null && previous.uri === uri ? previous.byteRange : null;
  const offset = range.offset ?? (before === null ? 0 : before.offset + before.length);
  return { offset, length: range.length };
}

/** Numbers the segments, and gives each the time at which it begins. */
function placed(
  segments: readonly Unplaced<Segment>[],
  openSegment: Unplaced<OpenSegment> | null,
  firstSequence: number,
): Pick<MediaPlaylist, 'segments' | 'openSegment'> {
  const all = openSegment === null ? segments : [...segments, openSegment];
  const times = dateTimes(segments, all);
  all.forEach((segment, i) => {
    segment.sequence = firstSequence + i;
    segment.programDateTimeMs = times[i] ?? null;
  });
  return { segments, openSegment };
}

/**
 * The times of `all`, which includes the open segment. Date-times are extrapolated over segments that have no tag, forwards and
 * then backwards, never across a discontinuity (RFC 8216, 4.3.2.6 and 6.3.3).
 */
function dateTimes(
  segments: readonly Unplaced<Segment>[],
  all: readonly Unplaced<OpenSegment>[],
): readonly (number | null)[] {
  const times = all.map((segment) => segment.programDateTimeMs);
  for (let i = 1; i < all.length; i += 1) {
    const before = times[i - 1] ?? null;
    if (times[i] === null && before !== null && all[i]?.discontinuity === false)
      times[i] = before + (segments[i - 1]?.durationMs ?? 0);
  }
  for (let i = segments.length - 1; i >= 0; i -= 1) {
    const after = times[i + 1] ?? null;
    if (times[i] === null && after !== null && all[i + 1]?.discontinuity === false)
      times[i] = after - (segments[i]?.durationMs ?? 0);
  }
  return times;
}

function readVariant(attributes: Attributes): Omit<Variant, 'uri'> {
  const codecs = attributes.get('CODECS');
  const resolution = /^(\d{1,5})x(\d{1,5})$/i.exec(attributes.get('RESOLUTION') ?? '');
  return {
    bandwidth: readDecimal(attributes.get('BANDWIDTH')) ?? 0,
    ...(codecs === undefined ? {} : { codecs }),
    ...(resolution === null ? {} : { width: Number(resolution[1]), height: Number(resolution[2]) }),
  };
}

function readSkipBoundary(attributes: Attributes): number | null {
  const seconds = readDecimal(attributes.get('CAN-SKIP-UNTIL'));
  return seconds === null ? null : milliseconds(seconds);
}

function readDecimal(text: string | undefined): number | null {
  return text !== undefined && /^(\d{1,15}(\.\d*)?|\.\d+)$/.test(text.trim()) ? Number(text) : null;
}

/** To the microsecond, so that sums of 0.33334 stay clean. */
function milliseconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1000;
}
