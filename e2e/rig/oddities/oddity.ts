import { z } from 'zod';
import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import type { StreamShape } from '../../../electron/demo/stream-shape.ts';
import { jumping } from './clock-jumps.ts';
import { declaring } from './declared-values.ts';
import { editMedia } from './edit-answers.ts';
import { ENCRYPTION_KEYS, ENCRYPTION_METHODS, encrypted } from './encryption.ts';
import { floodedMp4, floodedTransportStream, MP4_FLOODS, TS_FLOODS } from './flooded-media.ts';
import { flooded, PLAYLIST_FLOODS, withVariants } from './flooded-playlists.ts';
import { withFurtherLines } from './further-lines.ts';
import { SOURCE_GONE_ANSWERS, tellingOfGoneSource } from './gone-source.ts';
import { growing } from './growing-list.ts';
import { CONTENT_CODINGS, compressed, cookieBound, typed } from './headers.ts';
import { ANSWERS, inARing, packedBombs, sentIn, underLargeKey, withLargeHeaders } from './heavy-answers.ts';
import { withInBandParameters } from './in-band-parameters.ts';
import { keepingInitName } from './kept-init-name.ts';
import { LARGE_PICTURES, withLargePictures } from './large-pictures.ts';
import { withManyBoxes } from './many-boxes.ts';
import { startedOnDemand } from './on-demand.ts';
import { sendingElsewhere } from './other-address.ts';
import { inOtherCodec, OTHER_CODECS } from './other-codec.ts';
import { FMP4_SOUNDS, withFmp4Sound } from './sound-in-fmp4.ts';
import {
  SOUND_PRESENCES,
  soundAlone,
  TRANSPORT_SOUNDS,
  withTransportSound,
} from './sound-in-transport-stream.ts';
import { withSoundOnlyVariant } from './sound-only-variant.ts';

/** Behaviour of real cameras and servers that the standard does not have, and of hostile ones. Each has a file that describes it. */
export const odditySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('compressed'), coding: z.enum(CONTENT_CODINGS) }),
  z.strictObject({ kind: z.literal('content-types'), playlists: z.string(), media: z.string() }),
  z.strictObject({ kind: z.literal('cookie') }),
  z.strictObject({ kind: z.literal('declares'), values: z.record(z.string(), z.string()) }),
  z.strictObject({ kind: z.literal('further-lines'), lines: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('playlist-flood'), flood: z.enum(PLAYLIST_FLOODS) }),
  z.strictObject({ kind: z.literal('variants'), count: z.int().min(1) }),
  /** Only for fragmented MP4. */
  z.strictObject({ kind: z.literal('mp4-flood'), flood: z.enum(MP4_FLOODS) }),
  /** Only for a transport stream. */
  z.strictObject({ kind: z.literal('ts-flood'), flood: z.enum(TS_FLOODS) }),
  /** Only for H.264. */
  z.strictObject({ kind: z.literal('large-pictures'), by: z.enum(LARGE_PICTURES) }),
  z.strictObject({ kind: z.literal('packed-bombs'), of: z.enum(ANSWERS) }),
  z.strictObject({ kind: z.literal('large-headers'), of: z.enum(ANSWERS) }),
  z.strictObject({ kind: z.literal('ring'), of: z.enum(ANSWERS) }),
  z.strictObject({ kind: z.literal('large-key') }),
  z.strictObject({
    kind: z.literal('sent'),
    of: z.enum(ANSWERS),
    pieceBytes: z.int().min(1),
    framing: z.enum(['chunks', 'length']),
    everyMs: z.number().min(0),
    interim: z.int().min(0),
  }),
  z.strictObject({ kind: z.literal('growing-list'), bytesAtStart: z.int().min(0) }),
  z.strictObject({ kind: z.literal('source-gone'), answer: z.enum(SOURCE_GONE_ANSWERS) }),
  z.strictObject({ kind: z.literal('init-keeps-name') }),
  /** Only for H.264 in fragmented MP4. */
  z.strictObject({ kind: z.literal('in-band-parameters') }),
  z.strictObject({ kind: z.literal('many-boxes'), count: z.int().min(1) }),
  /** Only for a site with a further address. */
  z.strictObject({ kind: z.literal('elsewhere'), by: z.enum(['redirect', 'absolute-addresses']) }),
  z.strictObject({ kind: z.literal('on-demand'), startMs: z.number().min(0), idleMs: z.number().positive() }),
  z.strictObject({
    kind: z.literal('encrypted'),
    method: z.enum(ENCRYPTION_METHODS),
    key: z.enum(ENCRYPTION_KEYS),
  }),
  z.strictObject({ kind: z.literal('codec'), codec: z.enum(OTHER_CODECS) }),
  z.strictObject({
    kind: z.literal('clock-jumps'),
    byS: z.number(),
    everyS: z.number().positive(),
    afterS: z.number(),
  }),
  /** Only for a transport stream. */
  z.strictObject({
    kind: z.literal('sound'),
    sound: z.enum(TRANSPORT_SOUNDS),
    presence: z.enum(SOUND_PRESENCES),
  }),
  /** Only for fragmented MP4. */
  z.strictObject({ kind: z.literal('sound-track'), sound: z.enum(FMP4_SOUNDS) }),
  /** Only for a multivariant transport stream with sound. */
  z.strictObject({ kind: z.literal('sound-only-variant') }),
  /** Only for a transport stream with sound. The server sends the sound and no pictures. */
  z.strictObject({ kind: z.literal('sound-alone') }),
]);
export type Oddity = z.infer<typeof odditySchema>;

/** What an oddity needs to know about the stream. */
export interface OddStream {
  readonly shape: StreamShape;
  readonly camera: string;
  /** Base of the site's further address; `null` without one. */
  readonly furtherBaseUrl: string | null;
}

/**
 * A stream with an oddity.
 * @throws {RangeError} for an oddity that the stream cannot have
 */
export function withOddity(files: LiveFiles, oddity: Oddity, stream: OddStream): LiveFiles {
  const { shape, camera, furtherBaseUrl } = stream;
  switch (oddity.kind) {
    case 'compressed':
      return compressed(files, oddity.coding);
    case 'content-types':
      return typed(files, oddity);
    case 'cookie':
      return cookieBound(files);
    case 'declares':
      return declaring(files, oddity.values);
    case 'further-lines':
      return withFurtherLines(files, oddity.lines);
    case 'playlist-flood':
      return flooded(files, oddity.flood);
    case 'variants':
      return withVariants(files, oddity.count);
    case 'mp4-flood':
      return floodedMp4(files, oddity.flood);
    case 'ts-flood':
      return floodedTransportStream(files, oddity.flood);
    case 'large-pictures':
      return withLargePictures(files, shape.container, oddity.by);
    case 'packed-bombs':
      return packedBombs(files, oddity.of);
    case 'large-headers':
      return withLargeHeaders(files, oddity.of);
    case 'ring':
      return inARing(files, oddity.of);
    case 'large-key':
      return underLargeKey(files);
    case 'sent':
      return sentIn(files, oddity.of, oddity);
    case 'growing-list':
      return growing(files, oddity.bytesAtStart);
    case 'source-gone':
      return tellingOfGoneSource(files, oddity.answer);
    case 'init-keeps-name':
      return keepingInitName(files, shape.segmentMs);
    case 'many-boxes':
      return withManyBoxes(files, oddity.count);
    case 'in-band-parameters':
      return withInBandParameters(files);
    case 'elsewhere':
      if (furtherBaseUrl === null)
        throw new RangeError(`"${camera}" is elsewhere, but its site has no further address`);
      return sendingElsewhere(files, oddity.by, furtherBaseUrl, camera);
    case 'on-demand':
      return startedOnDemand(files, oddity.startMs, oddity.idleMs);
    case 'encrypted':
      return encrypted(files, oddity.method, oddity.key);
    case 'codec':
      return inOtherCodec(files, shape.container, oddity.codec);
    case 'clock-jumps':
      return jumping(files, shape.segmentMs, oddity);
    case 'sound':
      return withTransportSound(files, shape.segmentMs, oddity.sound, oddity.presence);
    case 'sound-track':
      return withFmp4Sound(files, oddity.sound);
    case 'sound-only-variant':
      return withSoundOnlyVariant(files, soundAlone);
    case 'sound-alone':
      return editMedia(files, soundAlone);
  }
}
