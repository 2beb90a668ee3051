import { av1UnitsIn } from './av1-sizes.ts';
import { h264Codecs } from './h264-parameters.ts';
import { h265Codecs } from './h265-parameters.ts';
import type { Box } from './iso-box.ts';
import type { NalCodec } from './nal-units.ts';
import { parameterSetsOf, sizeIn } from './parameter-sets.ts';
import { codecOfEntry, codecOfObject } from './sample-entries.ts';
import type { VideoCodec, VideoFormat } from './video-format.ts';

/** What an initialisation section says of a video track's samples. */
export interface SampleEntry {
  /** `null` for a codec that {@link VideoCodec} does not name. */
  readonly format: VideoFormat | null;
  /** Common Encryption (ISO/IEC 23001-7). */
  readonly encrypted: boolean;
  /** The codec and the size of the length fields in bytes; `null` where the samples' NAL units cannot be read. */
  readonly nal: { readonly codec: NalCodec; readonly lengthBytes: number } | null;
}

/** Bytes of a visual sample entry before its boxes (ISO/IEC 14496-12 section 12.1.3). */
const ENTRY_BYTES = 78;

/** Bytes of an av1C box before the units of its configuration (AV1 Codec ISO Media File Format Binding, section 2.3.3). */
const AV1_RECORD_BYTES = 4;

/** @param descriptions the stsd box of a video track, of which the first entry counts */
export function readSampleEntry(descriptions: Box | null): SampleEntry {
  const entry = descriptions?.children(8)[0];
  return entry === undefined ? { format: null, encrypted: false, nal: null } : readEntry(entry);
}

/** Reads every entry of a stsd box: each fragment chooses one of them. */
export function readSampleEntries(descriptions: Box): SampleEntry[] {
  return descriptions.children(8).map(readEntry);
}

function readEntry(entry: Box): SampleEntry {
  const boxes = entry.end - entry.contentStart < ENTRY_BYTES ? [] : entry.children(ENTRY_BYTES);
  const encrypted = entry.type === 'encv';
  const original = boxes.find(({ type }) => type === 'sinf')?.child('frma');
  const type = encrypted ? (original?.type32(0) ?? '') : entry.type;
  const config = (wanted: string): Uint8Array | null => {
    const box = boxes.find((candidate) => candidate.type === wanted);
    return box === undefined ? null : box.bytes(0, box.end - box.contentStart);
  };
  return {
    format: formatOf(type, entry, config),
    encrypted,
    nal: encrypted ? null : nalLayoutOf(type, config),
  };
}

type Config = (type: string) => Uint8Array | null;

function formatOf(type: string, entry: Box, config: Config): VideoFormat | null {
  const found =
    type === 'mp4v' ? mpeg4Of(config('esds')) : { codec: codecOfEntry(type), codecs: codecsOf(type, config) };
  if (found?.codec === undefined) return null;
  const isWhole = entry.end - entry.contentStart >= ENTRY_BYTES;
  const [width, height] = isWhole ? [entry.u16(24), entry.u16(26)] : [0, 0];
  const said = width > 0 && height > 0 ? [{ width, height }] : [];
  return {
    codec: found.codec,
    codecs: found.codecs,
    size: largest([...said, ...sizesOf(found.codec, config)]),
  };
}

/** The sizes in the decoder's parameters: a decoder uses them, whatever the entry says. */
function sizesOf(codec: VideoCodec, config: Config): NonNullable<VideoFormat['size']>[] {
  if (codec === 'av1') {
    const record = config('av1C') ?? new Uint8Array(0);
    return [...av1UnitsIn(record, AV1_RECORD_BYTES, record.length)].flatMap(({ size }) => size ?? []);
  }
  if (codec !== 'h264' && codec !== 'h265') return [];
  const record = config(codec === 'h264' ? 'avcC' : 'hvcC');
  return record === null ? [] : parameterSetsOf(codec, record).flatMap((unit) => sizeIn(codec, unit) ?? []);
}

function largest(sizes: readonly NonNullable<VideoFormat['size']>[]): VideoFormat['size'] {
  const pixels = (size: VideoFormat['size']): number => (size === null ? 0 : size.width * size.height);
  return sizes.reduce<VideoFormat['size']>((most, size) => (pixels(size) > pixels(most) ? size : most), null);
}

/** From avcC or hvcC (ISO/IEC 14496-15). */
function nalLayoutOf(type: string, config: Config): SampleEntry['nal'] {
  const codec = /^avc[13]$/.test(type) ? 'h264' : /^h(vc|ev)1$/.test(type) ? 'h265' : null;
  if (codec === null) return null;
  const length = config(codec === 'h264' ? 'avcC' : 'hvcC')?.[codec === 'h264' ? 4 : 21];
  return length === undefined ? null : { codec, lengthBytes: (length & 3) + 1 };
}

/** As in a CODECS attribute; `null` where the entry's configuration is missing or too short. */
function codecsOf(type: string, config: Config): string | null {
  switch (type) {
    case 'avc1':
    case 'avc3': {
      const record = config('avcC');
      return record === null || record.length < 4 ? null : h264Codecs(type, record, 1);
    }
    case 'hvc1':
    case 'hev1': {
      const record = config('hvcC');
      return record === null || record.length < 13 ? null : h265Codecs(type, record, 1);
    }
    case 'av01':
      return av1Of(config('av1C'));
    case 'vp08':
    case 'vp09':
      return vpOf(type, config('vpcC'));
    default:
      // Motion JPEG has no further parameters, so the entry's type is the whole name.
      return codecOfEntry(type) === 'mjpeg' ? type : null;
  }
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** `av01.P.LLT.DD` (AV1 Codec ISO Media File Format Binding, section 5). */
function av1Of(record: Uint8Array | null): string | null {
  if (record === null || record.length < 4) return null;
  const [, levels = 0, flags = 0] = record;
  const depth = (flags & 0x40) === 0 ? 8 : (flags & 0x20) === 0 ? 10 : 12;
  return `av01.${levels >> 5}.${twoDigits(levels & 0x1f)}${(flags & 0x80) === 0 ? 'M' : 'H'}.${twoDigits(depth)}`;
}

/** `vp09.PP.LL.DD` (VP Codec ISO Media File Format Binding). */
function vpOf(type: string, record: Uint8Array | null): string | null {
  if (record === null || record.length < 7) return null;
  const [, , , , profile = 0, level = 0, depth = 0] = record;
  return [type, twoDigits(profile), twoDigits(level), twoDigits(depth >> 4)].join('.');
}

/** `mp4v.OO` and a profile, by the object type in the elementary stream descriptor (ISO/IEC 14496-1 section 7.2.6). */
function mpeg4Of(record: Uint8Array | null): { codec: VideoCodec; codecs: string } | null {
  if (record === null) return null;
  let at = 4;
  const enter = (tag: number): boolean => {
    if (record[at] !== tag) return false;
    at += 1;
    // The length, in up to four bytes of seven bits.
    for (let i = 0; i < 3 && ((record[at] ?? 0) & 0x80) !== 0; i += 1) at += 1;
    at += 1;
    return true;
  };
  if (!enter(3)) return null;
  const flags = record[at + 2] ?? 0;
  at += 3;
  if ((flags & 0x80) !== 0) at += 2;
  if ((flags & 0x40) !== 0) at += 1 + (record[at] ?? 0);
  if ((flags & 0x20) !== 0) at += 2;
  if (!enter(4)) return null;
  const object = record[at] ?? 0;
  const codecs = `mp4v.${object.toString(16).padStart(2, '0')}`;
  const codec = codecOfObject(object);
  if (codec !== 'mpeg4') return codec === undefined ? null : { codec, codecs };
  at += 13;
  // The visual object sequence begins with its start code and its profile.
  const hasProfile = enter(5) && record[at + 2] === 1 && record[at + 3] === 0xb0;
  return { codec, codecs: hasProfile ? `${codecs}.${record[at + 4] ?? 0}` : codecs };
}
