import { lengthBehindAttributes, readAttributes } from './attributes.ts';
import { readProgramDateTime, writeProgramDateTime } from './program-date-time.ts';

const LEAST_MS = 120_000;
const LEAST_SEGMENTS = 8;
/** Addresses with tokens have some kilobytes. */
const LONGEST_LINE = 65_536;
/**
 * What may stand behind the attributes of a tag and is none itself: hls.js looks through it once for each of its
 * characters, which would take seconds for a line of it.
 */
const LONGEST_REST = 1000;
/** What is kept, in characters: two minutes of parts with long addresses are less. */
const LONGEST_TEXT = 1_000_000;
/**
 * The same of a media playlist in lines, half as many again as two minutes of parts have: at each poll a page takes some 25 us for
 * one, in its watch and its player together.
 */
const MOST_LINES = 3000;
/** Keys of different formats that a segment can have at the same time. There are five formats in use. */
const MOST_KEYS = 16;

/**
 * Tags that say something of more than one segment. `whole`: of the playlist, wherever they stand. `counted`: of the
 * playlist, but wrong once its beginning is cut off, so that they are written anew or left out. `in-force`: of the
 * segments after them as well.
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

/** One segment's lines, from the address before it to its own, and what they say of those after it. */
interface Lines {
  text: string;
  lineCount: number;
  /** Null until its EXTINF. Microseconds, which sum up without error. */
  durationUs: number | null;
  discontinuity: boolean;
  /** As written: reading it takes longer than all the rest, and only few are needed. */
  dateTime: string | null;
  byteRange: { readonly length: number; readonly offset: number | null; readonly line: Span } | null;
  /** Tags of more than this segment ({@link KINDS}), in their order. */
  readonly lasting: { readonly tag: string; readonly line: string }[];
  /** Where in the text the tags are that are wrong once something is cut off. */
  readonly counted: Span[];
  uri: string;
}

/**
 * Cuts a media playlist down to its newest segments while it arrives, so that one that has grown for days costs a
 * reader no more than one of some minutes: the segments of the last 120 s, at least 8, and everything after them.
 * The time is linear in what is pushed, and the memory bounded, whatever comes.
 *
 * What is cut off is accounted for: the sequence numbers count it, and the keys, the initialisation section, the
 * bit rate, the date-time and the place within a file that the first kept segment takes from it are written
 * before that. A cut EVENT or VOD list becomes a live window (ENDLIST stays). The segments that a delta update leaves
 * out count as cut off; what it takes from the lists before (its initialisation section, where it names none) is not
 * known here. Date ranges and unknown tags go with the segments that they stand before.
 *
 * Everything else comes out as it came: lists without segments to cut, multivariant playlists, what is no
 * playlist (of which some 65 536 characters tell enough). Only what players stumble over, and what has no meaning, is
 * made right on the way: blanks around lines and behind `#EXTM3U`, a byte order mark, a second tag of a kind that may
 * stand only once, and sequence numbers behind the segments. A tag in which more than 1000 characters follow its last
 * attribute is left out.
 *
 * A line of more than 65 536 characters, or more than 1 000 000 characters in 8 segments or in a multivariant playlist, or more
 * than 3000 lines in 8 segments, is refused: what comes out then is a sentence that says so. It does not begin with
 * `#EXTM3U`, so that no reader takes it for a playlist.
 */
export class NewestWindow {
  private readonly leastUs: number;
  private readonly leastSegments: number;
  /** Why the playlist is refused. */
  private refusal: string | null = null;

  /** The line that has begun. */
  private line = '';
  /** It ends with a carriage return, which a line feed may belong to. */
  private afterReturn = false;
  private begins: 'unknown' | 'playlist' | 'otherwise' = 'unknown';
  /** What stands before the first segment's lines: `#EXTM3U`, or all there is of something else. */
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
  /** One of these numbers stands behind a segment. */
  private isBelated = false;
  /** Tags that a playlist may have only once. */
  private readonly declared = new Set<string>();

  // What the segments that were cut off leave to the first one that was not.
  private cutSegments = 0;
  private cutDiscontinuities = 0;
  private readonly whole = new Map<string, string>();
  /** By key format. */
  private keys: ReadonlyMap<string, string> = new Map();
  private map: string | null = null;
  /** The keys in force at the EXT-X-MAP, which are the ones of its initialisation section. */
  private keysOfMap: ReadonlyMap<string, string> = new Map();
  private bitRate: string | null = null;
  /** The last date-time, and the media since the segment that it is of; null from a discontinuity on. */
  private dateTime: { readonly text: string; passedUs: number } | null = null;
  /** Where the last byte range ended, and in which file. */
  private rangeEnd: { readonly uri: string; readonly offset: number } | null = null;

  constructor({ leastMs = LEAST_MS, leastSegments = LEAST_SEGMENTS } = {}) {
    this.leastUs = leastMs * 1000;
    this.leastSegments = Math.max(1, leastSegments);
  }

  /** The next piece of the text, cut anywhere. */
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
      // Each is looked for again only when it is passed, so that every character is looked at once.
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

  /** @param ended the line with the line feed or carriage return behind it */
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
      // A number that cannot be counted on is kept, so that readers refuse it.
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

  /** Cuts off what is older than is wanted, and then what is more than can be kept. */
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
    // Cut off in lots, so that it takes linear time.
    if (this.first > 1000 && 2 * this.first > this.segments.length) {
      this.segments = this.segments.slice(this.first);
      this.first = 0;
    }
    if (this.keptLines > MOST_LINES && this.segments.length > 0)
      this.refuse(`has more than ${MOST_LINES} lines in what has to be kept of it`);
    else if (this.keptLength > LONGEST_TEXT)
      this.refuse(`has more than ${LONGEST_TEXT} characters in what has to be kept of it`);
  }

  /** Takes from a segment that is cut off what holds for those after it. */
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

  /** What stands before the first kept segment, where something was cut off. */
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

  /** A kept segment's lines without what the header has, and the first with the place that its range begins at. */
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
