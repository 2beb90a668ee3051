import type { VideoFormat } from './video-format.ts';

/** The judgement of a segment's or part's bytes. Only its video counts, because a wall is muted. */
export type MediaInspection =
  | {
      readonly ok: true;
      /** `audio` is packed audio: elementary frames without a container. */
      readonly container: 'ts' | 'fmp4' | 'audio';
      /** Whether decoding of the video can begin within these bytes; always false for packed audio. */
      readonly keyFrame: boolean | 'unknown';
      /** False where the last access unit of the video is shorter than it says, though every packet is whole. */
      readonly complete: boolean;
      /**
       * The format of the first video stream. `null` where the bytes do not contain it, as in a part without its
       * initialisation section, and for codecs without a name in {@link VideoFormat}.
       */
      readonly video: VideoFormat | null;
      /** The samples of the video are encrypted (SAMPLE-AES, Common Encryption), so that its pictures cannot be shown. */
      readonly encrypted: boolean;
    }
  /** `problem` completes "the segment …": "is HTML", "has no video". */
  | { readonly ok: false; readonly problem: string; readonly kind: ProblemKind };

/**
 * `no-video`: whole media without a picture in this piece. `names-no-video`: the stream's own description has no video,
 * so no other piece will have any. `damaged`: everything else, including bytes that are no media.
 */
export type ProblemKind = 'no-video' | 'names-no-video' | 'damaged';

/** Thrown within `shared/media/` and turned into a result by `inspectMedia`. */
export class MediaProblem extends Error {
  readonly kind: ProblemKind;

  constructor(problem: string, kind: ProblemKind = 'damaged') {
    super(problem);
    this.kind = kind;
  }
}
