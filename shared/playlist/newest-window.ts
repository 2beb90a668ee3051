import { lengthBehindAttributes, readAttributes } from './attributes.ts';
import { readProgramDateTime, writeProgramDateTime } from './program-date-time.ts';

/** Duration of the newest segments that are kept at least, ms. */
const LEAST_MS = 120_000;
/** Number of the newest segments that are kept at least. */
const LEAST_SEGMENTS = 8;
/** Length limit of a line, in characters: addresses with tokens have some kilobytes. */
const LONGEST_LINE = 65_536;
/**
 * Length limit of what follows the attributes of a tag and is no attribute, in characters: hls.js searches it once for each of its
 * characters, which would take seconds for a whole line.
 */
const LONGEST_REST = 1000;
/** Limit of what is kept, in characters: two minutes of parts with long addresses have fewer. */
const LONGEST_TEXT = 1_000_000;
/**
 * Limit of what is kept of a media playlist, in lines: 1.5 times as many as two minutes of parts have. At each poll a line takes
 * about 25 us, in the watch and the player together.
 */
const MOST_LINES = 3000;
/** Limit of keys of different formats that a segment can have at the same time. Five formats are in use. */
const MOST_KEYS = 16;

/**
 * Tags that apply to more than one segment. `whole`: to the whole playlist, wherever they are in it. `counted`: to the whole
 * playlist as well, but once its beginning is cut off they are wrong, so that they are written again or left out. `in-force`: to
 * all segments after them.
 */
const KINDS: ReadonlyMap<string, 'whole' | 'counted' | 'in-force'> = new Map([
  ['EXT-X-VERSION', 'whole'],
  ['EXT-X-TARGETDURATION', 'whole'],
  ['EXT-X-INDEPENDENT-SEGMENTS', 'whole'],
  ['EXT-X-I-FRAMES-ONLY', 'whole'],
  ['EXT-X-SERVER-CONTROL', 'whole'],
  ['EXT-X-PART-INF', 'whole'],
  ['EXT-X-DEFINE', 'whole'],
  ['EXT-X-ENDLIST', 'whole'],
  ['EXT-X-MEDIA-SEQUENCE', 'counted'],
  ['EXT-X-DISCONTINUITY-SEQUENCE', 'counted'],
  ['EXT-X-PLAYLIST-TYPE', 'counted'],
  ['EXT-X-START', 'counted'],
  ['EXT-X-SKIP', 'counted'],
  ['EXT-X-KEY', 'in-force'],
  ['EXT-X-MAP', 'in-force'],
  ['EXT-X-BITRATE', 'in-force'],
]);
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** A piece of a text, from one index to another. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** The lines of one segment, from the line after the previous address to its own address, and what they say. */
interface Lines {
  text: string;
  lineCount: number;
  /** Null until its EXTINF. Sums of microseconds have no rounding errors. */
  durationUs: number | null;
  discontinuity: boolean;
  /** As written, because reading it takes longer than everything else, and only few are needed. */
  dateTime: string | null;
  byteRange: { readonly length: number; readonly offset: number | null; readonly line: Span } | null;
  /** Tags that apply to more than this segment ({@link KINDS}), in their order. */
  readonly lasting: { readonly tag: string; readonly line: string }[];
  /** Positions in the text of the tags that are wrong once something is cut off. */
  readonly counted: Span[];
  uri: string;
}

/**
 * Cuts a media playlist down to its newest segments while it arrives, so that a playlist that has grown for days costs a reader
 * no more than one of some minutes. It keeps the segments of the last {@link LEAST_MS}, at least {@link LEAST_SEGMENTS}, and
 * everything after them. The time is linear in what is pushed, and the memory is bounded, whatever comes.
 *
 * The window accounts for what is cut off. The sequence numbers count it. What the first kept segment takes from it is written
 * before that segment: keys, initialisation section, bit rate, date-time and offset within a file. An EVENT or VOD playlist that
 * is cut becomes a live window (ENDLIST stays). The segments that a delta update leaves out count as cut off. What a delta update
 * takes from earlier playlists (the initialisation section, where it names none) is not known here. Date ranges and unknown tags
 * are cut off with the segment that follows them.
 *
 * Everything else comes out unchanged: playlists without segments to cut, multivariant playlists, and text that is no playlist
 * (cut at about {@link LONGEST_LINE} characters, which are enough to recognise it). Only what players fail on, or what has no
 * meaning, is corrected: blanks around lines and after `#EXTM3U`, a byte order mark, a repeated tag of a kind that may be there
 * only once, and sequence numbers after a segment. A tag with more than {@link LONGEST_REST} characters after its last attribute
 * is left out.
 *
 * These are refused: a line of more than {@link LONGEST_LINE} characters; more than {@link LONGEST_TEXT} characters in the least
 * number of segments or in a multivariant playlist; more than {@link MOST_LINES} lines in the least number of segments. What comes
 * out then is a sentence that says so. It does not begin with `#EXTM3U`, so that no reader takes it for a playlist.
 */
export class NewestWindow {
  private readonly leastUs: number;
  private readonly leastSegments: number;
  /** Why the playlist is refused; null while it is not. */
  private refusal: string | null = null;

  /** The beginning of the line whose end has not come yet. */
  private line = '';
  /** That line ends with a carriage return, and a line feed that belongs to it may follow. */
  private afterReturn = false;
  private begins: 'unknown' | 'playlist' | 'otherwise' = 'unknown';
  /** What comes before the first segment's lines: `#EXTM3U`, or the whole text where it is no playlist. */
  private beginning = '';

  /** Complete segments; those before `first` are cut off. */
  private segments: Lines[] = [];
  private first = 0;
  private open = noLines();
  private keptUs = 0;
  private keptLength = 0;
  private keptLines = 0;

  // Counted over the whole playlist.
  private mediaSequence: string | null = null;
  private discontinuitySequence: string | null = null;
  private skipped = 0;
  /** One of these numbers comes after a segment. */
  private isBelated = false;
  /** Tags that a playlist may have only once. */
  private readonly declared = new Set<string>();

  // What the first kept segment takes from the segments that were cut off.
  private cutSegments = 0;
  private cutDiscontinuities = 0;
  private readonly whole = new Map<string, string>();
  /** By key format. */
  private keys: ReadonlyMap<string, string> = new Map();
  private map: string | null = null;
  /** The keys in force at the EXT-X-MAP: they are those of its initialisation section. */
  private keysOfMap: ReadonlyMap<string, string> = new Map();
  private bitRate: string | null = null;
  /** The last date-time, and the media time that has passed since then; null from a discontinuity on. */
  private dateTime: { readonly text: string; passedUs: number } | null = null;
  /** Where the last byte range ended, and in which file. */
  private rangeEnd: { readonly uri: string; readonly offset: number } | null = null;

  constructor({ leastMs = LEAST_MS, leastSegments = LEAST_SEGMENTS } = {}) {
    this.leastUs = leastMs * 1000;
    this.leastSegments = Math.max(1, leastSegments);
  }

  /** Takes the next piece of the text. A piece may end anywhere. */
  push(text: string): void {
    let at = 0;
    if (this.afterReturn && text !== '') {
      this.afterReturn = false;
      if (text.startsWith('\n')) {
        this.line += '\n';
        at = 1;
      }
      this.endLine();
    }
    let feed = text.indexOf('\n', at);
    let carriageReturn = text.indexOf('\r', at);
    while (this.isReading()) {
      // Each of the two is searched again only when it is passed, so that each search reads every character once.
      if (feed >= 0 && feed < at) feed = text.indexOf('\n', at);
      if (carriageReturn >= 0 && carriageReturn < at) carriageReturn = text.indexOf('\r', at);
      const isReturn = carriageReturn >= 0 && (feed < 0 || carriageReturn < feed);
      const end = isReturn && feed !== carriageReturn + 1 ? carriageReturn : feed;
      if (end < 0) break;
      this.line += text.slice(at, end + 1);
      at = end + 1;
      this.afterReturn = isReturn && at === text.length && end === carriageReturn;
      if (this.afterReturn) break;
      this.endLine();
    }
    if (at < text.length) this.line += text.slice(at);
    this.limitLine();
  }

  /** The window, or a sentence that says why there is none. Nothing can be pushed afterwards. */
  end(): string {
    if (this.line !== '') this.endLine();
    if (this.refusal !== null) return this.refusal;
    if (this.begins !== 'playlist') return this.beginning;
    const kept = [...this.segments.slice(this.first), this.open];
    if (this.cutSegments + this.skipped === 0 && !this.isBelated)
      return this.beginning + kept.map(({ text }) => text).join('');
    return (
      this.header(kept[0] ?? this.open) +
      kept.map((lines, index) => this.rewritten(lines, index === 0)).join('')
    );
  }

  private isReading(): boolean {
    return this.refusal === null && this.begins !== 'otherwise';
  }

  private limitLine(): void {
    if (this.begins === 'otherwise') {
      if (this.beginning.length < LONGEST_LINE) this.beginning += this.line.slice(0, LONGEST_LINE);
      this.line = '';
    } else if (this.refusal !== null) this.line = '';
    else if (this.line.length > LONGEST_LINE) {
      if (this.begins === 'unknown') this.endLine();
      else this.refuse(`has a line of more than ${LONGEST_LINE} characters`);
    }
  }

  private refuse(problem: string): void {
    this.refusal = `The playlist ${problem}.`;
    this.line = '';
    this.segments = [];
    this.open = noLines();
  }

  private endLine(): void {
    const raw = this.line;
    this.line = '';
    if (this.begins === 'unknown') this.begin(raw);
    else if (this.begins === 'otherwise') this.beginning += raw;
    else if (raw.length > LONGEST_LINE) this.refuse(`has a line of more than ${LONGEST_LINE} characters`);
    else {
      const last = raw.charCodeAt(raw.length - 1);
      const isBoth = last === LINE_FEED && raw.charCodeAt(raw.length - 2) === CARRIAGE_RETURN;
      const ending = isBoth ? 2 : last === LINE_FEED || last === CARRIAGE_RETURN ? 1 : 0;
      const line = raw.trim();
      const hasBlanks = line.length + ending < raw.length;
      this.take(line, hasBlanks ? line + raw.slice(raw.length - ending) : raw);
    }
  }

  private begin(raw: string): void {
    const line = raw.trim();
    this.beginning += raw;
    if (/^#EXTM3U(?!\S)/.test(line)) {
      this.begins = 'playlist';
      this.beginning = `#EXTM3U${/\r?\n|\r|$/.exec(raw.slice(raw.indexOf('#EXTM3U')))?.[0] ?? ''}`;
    } else if (line !== '' || this.beginning.length > LONGEST_LINE) this.begins = 'otherwise';
  }

  /** @param ended the line with its line feed or carriage return */
  private take(line: string, ended: string): void {
    const isTag = line.startsWith('#EXT');
    const colon = isTag ? line.indexOf(':') : -1;
    const tag = isTag ? line.slice(1, colon < 0 ? undefined : colon) : '';
    const mayBeEndless = isTag && line.length > LONGEST_REST && tag !== 'EXTINF';
    if (mayBeEndless && lengthBehindAttributes(line.slice(colon + 1)) > LONGEST_REST) return;
    const kind = isTag ? KINDS.get(tag) : undefined;
    if ((kind === 'whole' || kind === 'counted') && tag !== 'EXT-X-DEFINE') {
      if (this.declared.has(tag)) return;
      this.declared.add(tag);
    }
    const lines = this.open;
    const start = lines.text.length;
    lines.text += ended;
    lines.lineCount += 1;
    this.keptLines += 1;
    const span = { start, end: lines.text.length };
    this.keptLength += span.end - start;
    if (isTag) this.takeTag(tag, colon < 0 ? '' : line.slice(colon + 1).trim(), line, span);
    else if (line !== '' && !line.startsWith('#') && lines.durationUs !== null) this.endSegment(line);
    if (this.isTooMuch()) this.cut();
  }

  private takeTag(tag: string, value: string, line: string, span: Span): void {
    const lines = this.open;
    if (tag === 'EXTINF') {
      const seconds = Number.parseFloat(value);
      lines.durationUs = seconds >= 0 ? Math.round(seconds * 1e6) : 0;
    } else if (tag === 'EXT-X-PROGRAM-DATE-TIME') lines.dateTime = value;
    else if (tag === 'EXT-X-DISCONTINUITY') lines.discontinuity = true;
    else if (tag === 'EXT-X-BYTERANGE') {
      const range = /^(\d{1,15})(?:@(\d{1,15}))?$/.exec(value);
      if (range !== null)
        lines.byteRange = {
          length: Number(range[1]),
          offset: range[2] === undefined ? null : Number(range[2]),
          line: span,
        };
    } else {
      const kind = KINDS.get(tag);
      // A tag with an invalid number is kept, so that readers refuse the playlist.
      if (kind === 'counted' && this.count(tag, value)) lines.counted.push(span);
      else if (kind !== undefined) lines.lasting.push({ tag, line });
    }
  }

  private count(tag: string, value: string): boolean {
    if (tag === 'EXT-X-PLAYLIST-TYPE' || tag === 'EXT-X-START') return true;
    const digits = tag === 'EXT-X-SKIP' ? readAttributes(value).get('SKIPPED-SEGMENTS') : value;
    if (digits === undefined || !/^\d{1,16}$/.test(digits)) return false;
    if (tag !== 'EXT-X-SKIP' && this.cutSegments + this.segments.length > 0) this.isBelated = true;
    if (tag === 'EXT-X-SKIP') this.skipped = Number(digits);
    else if (tag === 'EXT-X-MEDIA-SEQUENCE') this.mediaSequence = digits;
    else this.discontinuitySequence = digits;
    return true;
  }

  private endSegment(uri: string): void {
    this.open.uri = uri;
    this.segments.push(this.open);
    this.keptUs += this.open.durationUs ?? 0;
    this.open = noLines();
    this.cut();
  }

  private isTooMuch(): boolean {
    return this.keptLength > LONGEST_TEXT || this.keptLines > MOST_LINES;
  }

  /** Cuts off the segments that need not be kept, and refuses the playlist where too much has to be kept. */
  private cut(): void {
    for (;;) {
      const oldest = this.segments[this.first];
      if (oldest === undefined || this.segments.length - this.first <= this.leastSegments) break;
      const withoutUs = this.keptUs - (oldest.durationUs ?? 0);
      if (withoutUs < this.leastUs && !this.isTooMuch()) break;
      this.keptUs = withoutUs;
      this.keptLength -= oldest.text.length;
      this.keptLines -= oldest.lineCount;
      this.first += 1;
      this.inherit(oldest);
    }
    // Segments are removed many at a time, so that the time is linear.
    if (this.first > 1000 && 2 * this.first > this.segments.length) {
      this.segments = this.segments.slice(this.first);
      this.first = 0;
    }
    if (this.keptLines > MOST_LINES && this.segments.length > 0)
      this.refuse(`has more than ${MOST_LINES} lines in what has to be kept of it`);
    else if (this.keptLength > LONGEST_TEXT)
      this.refuse(`has more than ${LONGEST_TEXT} characters in what has to be kept of it`);
  }

  /** Keeps what a segment that is cut off says about the segments after it. */
  private inherit({ lasting, byteRange, durationUs, discontinuity, dateTime, uri }: Lines): void {
    this.cutSegments += 1;
    if (discontinuity) this.cutDiscontinuities += 1;
    for (const { tag, line } of lasting) {
      if (tag === 'EXT-X-KEY') this.inheritKey(line);
      else if (tag === 'EXT-X-BITRATE') this.bitRate = line;
      else if (tag === 'EXT-X-MAP') {
        this.map = line;
        this.keysOfMap = this.keys;
      } else {
        const name = tag === 'EXT-X-DEFINE' ? line : tag;
        this.keptLength += line.length - (this.whole.get(name)?.length ?? 0);
        this.whole.set(name, line);
      }
    }
    if (dateTime !== null) this.dateTime = { text: dateTime, passedUs: 0 };
    else if (discontinuity) this.dateTime = null;
    if (this.dateTime !== null) this.dateTime.passedUs += durationUs ?? 0;
    this.rangeEnd =
      byteRange === null ? null : { uri, offset: this.offsetOf(byteRange, uri) + byteRange.length };
  }

  private inheritKey(line: string): void {
    const attributes = readAttributes(line.slice(line.indexOf(':') + 1));
    const method = attributes.get('METHOD') ?? '';
    if (method === '') return;
    if (method === 'NONE') {
      this.keys = new Map();
      return;
    }
    this.keys = new Map(this.keys).set(attributes.get('KEYFORMAT') ?? 'identity', line);
    if (this.keys.size > MOST_KEYS) this.refuse(`has more than ${MOST_KEYS} keys for the same media`);
  }

  /** A range without an offset begins where the one before it in the same file ended (RFC 8216, 4.3.2.2). */
  private offsetOf({ offset }: NonNullable<Lines['byteRange']>, uri: string): number {
    return offset ?? (this.rangeEnd?.uri === uri ? this.rangeEnd.offset : 0);
  }

  /** The lines before the first kept segment, where something was cut off. */
  private header(first: Lines): string {
    const count = (tag: string, declared: string | null, cut: number): string[] =>
      declared === null && cut === 0 ? [] : [`#${tag}:${BigInt(declared ?? '0') + BigInt(cut)}`];
    const sameKeys = this.map === null || this.keys === this.keysOfMap;
    const dateTime = first.dateTime === null && !first.discontinuity ? this.timeOfFirst() : null;
    const lines = [
      '#EXTM3U',
      ...this.whole.values(),
      ...count('EXT-X-MEDIA-SEQUENCE', this.mediaSequence, this.cutSegments + this.skipped),
      ...count('EXT-X-DISCONTINUITY-SEQUENCE', this.discontinuitySequence, this.cutDiscontinuities),
      ...(this.map === null ? [] : [...this.keysOfMap.values(), this.map]),
      ...(sameKeys || this.keysOfMap.size === 0 ? [] : ['#EXT-X-KEY:METHOD=NONE']),
      ...(sameKeys && this.map !== null ? [] : this.keys.values()),
      ...(this.bitRate === null ? [] : [this.bitRate]),
      ...(dateTime === null ? [] : [`#EXT-X-PROGRAM-DATE-TIME:${dateTime}`]),
    ];
    return lines.map((line) => `${line}\n`).join('');
  }

  /** When the first kept segment begins, by the date-time of one that was cut off. */
  private timeOfFirst(): string | null {
    const timeMs = this.dateTime === null ? null : readProgramDateTime(this.dateTime.text);
    return timeMs === null ? null : writeProgramDateTime(timeMs + (this.dateTime?.passedUs ?? 0) / 1000);
  }

  /** A kept segment's lines without the tags that the header has. The byte range of the first segment gets its offset. */
  private rewritten({ text, counted, byteRange, uri }: Lines, isFirst: boolean): string {
    const changes = counted.map((span) => ({ ...span, by: '' }));
    if (isFirst && byteRange !== null && byteRange.offset === null) {
      const by = `#EXT-X-BYTERANGE:${byteRange.length}@${this.offsetOf(byteRange, uri)}\n`;
      changes.push({ ...byteRange.line, by });
      changes.sort((a, b) => a.start - b.start);
    }
    let at = 0;
    const pieces = changes.flatMap(({ start, end, by }) => {
      const before = text.slice(at, start);
      at = end;
      return [before, by];
    });
    return [...pieces, text.slice(at)].join('');
  }
}

function noLines(): Lines {
  return {
    text: '',
    lineCount: 0,
    durationUs: null,
    discontinuity: false,
    dateTime: null,
    byteRange: null,
    lasting: [],
    counted: [],
    uri: '',
  };
}
