import { readAttributes } from '../../shared/playlist/attributes.ts';

/** What in a media playlist decides how hls.js has to be given it. Durations in seconds. */
export interface ListFacts {
  /** Number of the first listed segment. The gateway adds those that a delta update leaves out. */
  readonly sequence: number;
  /** Number of the last segment; one less than {@link sequence} where there are no segments. */
  readonly lastSequence: number;
  readonly discontinuitySequence: number;
  /** Number of EXT-X-DISCONTINUITY tags. */
  readonly discontinuities: number;
  /** As declared; 0 without EXT-X-TARGETDURATION. */
  readonly targetS: number;
  /** 0 without segments. */
  readonly longestSegmentS: number;
  /** Duration of all listed segments together. */
  readonly listedS: number;
  /** As declared by EXT-X-PART-INF; 0 without. */
  readonly partTargetS: number;
  /** 0 without parts. */
  readonly longestPartS: number;
  /** Whether there is an EXT-X-ENDLIST. */
  readonly ended: boolean;
  readonly encryption: ListEncryption;
  /** Whether there is an EXT-X-MAP. */
  readonly hasInitialisation: boolean;
  /** The attributes of EXT-X-SERVER-CONTROL; empty without. */
  readonly serverControl: string;
  /**
   * Names that distinguish the segments, by their numbers: byte ranges and addresses without queries, since queries name
   * sessions. Segments that a delta update left out are missing.
   */
  readonly names: ReadonlyMap<number, string>;
}

/** `unplayable`: only SAMPLE-AES or DRM. Where a server offers several keys for the same media, one of them is enough. */
export type ListEncryption = 'none' | 'aes-128' | 'unplayable';

/** False for servers that give all segments one address and distinguish them in the query. */
export function namesTellApart({ names }: ListFacts): boolean {
  return new Set(names.values()).size === names.size;
}

/** Reads what can be read, and reports no faults. */
export function readListFacts(lines: readonly string[]): ListFacts {
  let sequence = 0;
  let discontinuitySequence = 0;
  let discontinuities = 0;
  let targetS = 0;
  let longestSegmentS = 0;
  let listedS = 0;
  let partTargetS = 0;
  let longestPartS = 0;
  let ended = false;
  let hasInitialisation = false;
  let serverControl = '';
  let byteRange = '';
  let isSegment = false;
  const keys = new Map<string, string>();
  const found: string[] = [];
  for (const line of lines) {
    const { tag, value } = tagOf(line);
    switch (tag) {
      case 'EXTINF':
        longestSegmentS = Math.max(longestSegmentS, decimal(value));
        listedS += decimal(value);
        isSegment = true;
        break;
      case 'EXT-X-PART':
        longestPartS = Math.max(longestPartS, decimal(attributeOf(value, 'DURATION')));
        break;
      case 'EXT-X-TARGETDURATION':
        targetS = decimal(value);
        break;
      case 'EXT-X-PART-INF':
        partTargetS = decimal(attributeOf(value, 'PART-TARGET'));
        break;
      case 'EXT-X-MEDIA-SEQUENCE':
        sequence = decimal(value);
        break;
      case 'EXT-X-DISCONTINUITY-SEQUENCE':
        discontinuitySequence = decimal(value);
        break;
      case 'EXT-X-DISCONTINUITY':
        discontinuities += 1;
        break;
      case 'EXT-X-BYTERANGE':
        byteRange = value;
        break;
      case 'EXT-X-KEY':
        readKey(keys, value);
        break;
      case 'EXT-X-MAP':
        hasInitialisation = true;
        break;
      case 'EXT-X-SERVER-CONTROL':
        serverControl = value;
        break;
      case 'EXT-X-ENDLIST':
        ended = true;
        break;
      case 'address':
        if (isSegment) found.push(`${value.replace(/[?#].*$/s, '')} ${byteRange}`);
        byteRange = '';
        isSegment = false;
        break;
    }
  }
  const names = new Map(found.map((name, index) => [sequence + index, name]));
  return {
    sequence,
    lastSequence: sequence + found.length - 1,
    discontinuitySequence,
    discontinuities,
    targetS,
    longestSegmentS,
    listedS,
    partTargetS,
    longestPartS,
    ended,
    hasInitialisation,
    serverControl,
    encryption: encryptionOf(keys),
    names,
  };
}

/** Splits a line into a tag and its value; an address has the tag `address`, any other line an empty tag. */
export function tagOf(line: string): { readonly tag: string; readonly value: string } {
  const text = line.trim();
  if (text === '') return { tag: '', value: '' };
  if (!text.startsWith('#')) return { tag: 'address', value: text };
  if (!text.startsWith('#EXT')) return { tag: '', value: '' };
  const colon = text.indexOf(':');
  return colon < 0
    ? { tag: text.slice(1), value: '' }
    : { tag: text.slice(1, colon).trimEnd(), value: text.slice(colon + 1).trim() };
}

function attributeOf(list: string, name: string): string {
  return readAttributes(list).get(name) ?? '';
}

/** 0 where there is no number. */
function decimal(text: string): number {
  const value = Number.parseFloat(text);
  return Number.isFinite(value) && value > 0 ? value : 0;
}

/** A key holds until the next one of its format, or until METHOD=NONE (RFC 8216 section 4.3.2.4). */
function readKey(keys: Map<string, string>, value: string): void {
  const attributes = readAttributes(value);
  const method = attributes.get('METHOD') ?? '';
  if (method === 'NONE') keys.clear();
  else if (method !== '') keys.set(attributes.get('KEYFORMAT') ?? 'identity', method);
}

/** By the keys of the newest segment. */
function encryptionOf(keys: ReadonlyMap<string, string>): ListEncryption {
  if (keys.size === 0) return 'none';
  return keys.get('identity') === 'AES-128' ? 'aes-128' : 'unplayable';
}
