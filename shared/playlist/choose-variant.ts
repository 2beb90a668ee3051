import type { Quality } from '../config/config.ts';
import { codecOfCodecsEntry } from '../media/sample-entries.ts';
import type { Variant } from './playlist.ts';

const SOUND_OR_TEXT =
  /^(mp4a|mp3|ac-?[34]|ec-?3|a3ds|opus|vorbis|flac|alac|[au]law|dts|mh[am]1|mlpa|samr|sawb|stpp|wvtt|tx3g)/i;

/**
 * Chooses the variant of a multivariant playlist that is played and probed, among the variants with video that this workstation
 * can show. For `main` it is the largest, and of equally large ones that with the highest bit rate. For `sub` it is the smallest,
 * and of equally small ones that with the lowest bit rate. A variant without RESOLUTION counts as smaller than all that have one.
 * Where no variant can be shown, all variants with video count, so that the media shows what is wrong.
 *
 * @param canShow decides by a CODECS attribute, which may be wrong: later only the media counts
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

/** Whether a variant may have video: it has a size, or it names no codecs, or one that is not of sound or text. */
function hasVideo({ codecs = '', width = 0 }: Pick<Variant, 'codecs' | 'width'>): boolean {
  const entries = entriesOf(codecs);
  return width > 0 || entries.length === 0 || !entries.every((entry) => SOUND_OR_TEXT.test(entry));
}

function pixelsOf({ width = 0, height = 0 }: Pick<Variant, 'width' | 'height'>): number {
  return width * height;
}

/** The entries of a CODECS attribute that are video (RFC 6381): sample entries such as those of ISO/IEC 14496-15. */
export function videoCodecsOf(codecs: string): string {
  return entriesOf(codecs)
    .filter((entry) => codecOfCodecsEntry(entry) !== undefined)
    .join();
}

/** The entries of a CODECS attribute. Some servers write blanks between them instead of commas, and players accept that. */
function entriesOf(codecs: string): string[] {
  return codecs.split(/[\s,]+/).filter((entry) => entry !== '');
}
