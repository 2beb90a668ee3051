import type { Quality } from '../config/config.ts';
import { codecOfCodecsEntry } from '../media/sample-entries.ts';
import type { Variant } from './playlist.ts';

const SOUND_OR_TEXT =
  /^(mp4a|mp3|ac-?[34]|ec-?3|a3ds|opus|vorbis|flac|alac|[au]law|dts|mh[am]1|mlpa|samr|sawb|stpp|wvtt|tx3g)/i;

/**
 * The variant of a multivariant playlist that is played, and so the one that is probed: of those with video that
 * this workstation can show the largest for `main`, the smallest for `sub`; of equally large ones the one of the
 * higher or the lower bit rate. A variant without RESOLUTION counts as smaller than all that have one. Where none can
 * be shown it is chosen among those with video, so that the media tells what is wrong.
 *
 * @param canShow by a CODECS attribute, which may be wrong: what is observed in the media counts later
 * @returns `null` where no variant has video
 */
export function chooseVariant<V extends Pick<Variant, 'bandwidth' | 'codecs' | 'width' | 'height'>>(
  variants: readonly V[],
  quality: Quality,
  canShow: (codecs: string) => boolean,
): V | null {
  const withVideo = variants.filter(hasVideo);
  const shown = withVideo.filter(({ codecs = '' }) => {
    const video = videoCodecsOf(codecs);
    return video === '' || canShow(video);
  });
  const bySize = [...(shown.length > 0 ? shown : withVideo)].sort(
    (a, b) => pixelsOf(b) - pixelsOf(a) || b.bandwidth - a.bandwidth,
  );
  return (quality === 'main' ? bySize[0] : bySize.at(-1)) ?? null;
}

/** A variant without a size that names only codecs of sound and text has no video. One that tells less may have. */
function hasVideo({ codecs = '', width = 0 }: Pick<Variant, 'codecs' | 'width'>): boolean {
  const entries = entriesOf(codecs);
  return width > 0 || entries.length === 0 || !entries.every((entry) => SOUND_OR_TEXT.test(entry));
}

function pixelsOf({ width = 0, height = 0 }: Pick<Variant, 'width' | 'height'>): number {
  return width * height;
}

/** Of a CODECS attribute the entries that are video (RFC 6381; the sample entries of ISO/IEC 14496-15 and their like). */
export function videoCodecsOf(codecs: string): string {
  return entriesOf(codecs)
    .filter((entry) => codecOfCodecsEntry(entry) !== undefined)
    .join();
}

/** Some servers write blanks between them instead of commas, and players take them. */
function entriesOf(codecs: string): string[] {
  return codecs.split(/[\s,]+/).filter((entry) => entry !== '');
}
