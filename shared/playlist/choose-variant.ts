import type { Quality } from '../config.ts';
import type { Variant } from './playlist.ts';

/**
 * The variant of a multivariant playlist that is played, and so the one that is probed: of those with video that this workstation
 * can show the largest for `main`, the smallest for `sub`. Where none can be shown it is chosen among those with
 * video, so that the media tells what is wrong.
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
  const shown = withVideo.filter(({ codecs }) => codecs === undefined || canShow(videoCodecsOf(codecs)));
  const bySize = [...(shown.length > 0 ? shown : withVideo)].sort(
    (a, b) => pixelsOf(b) - pixelsOf(a) || b.bandwidth - a.bandwidth,
  );
  return (quality === 'main' ? bySize[0] : bySize.at(-1)) ?? null;
}

/** A variant that names its codecs, and no video codec among them, has no video; nor has one without codecs and size beside others with size. */
function hasVideo({ codecs }: Pick<Variant, 'codecs'>): boolean {
  return codecs === undefined || videoCodecsOf(codecs) !== '';
}

function pixelsOf({ width = 0, height = 0 }: Pick<Variant, 'width' | 'height'>): number {
  return width * height;
}

/** Of a CODECS attribute the entries that are video (RFC 6381; the sample entries of ISO/IEC 14496-15 and their like). */
export function videoCodecsOf(codecs: string): string {
  return codecs
    .split(',')
    .map((codec) => codec.trim())
    .filter((codec) => /^(avc|hvc|hev|dvh|dva|dav|vvc|vvi|av01|vp0?[89]|mp4v|mjp|jpeg)/i.test(codec))
    .join();
}
