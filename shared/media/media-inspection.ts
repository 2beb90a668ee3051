import type { VideoFormat } from './video-format.ts';

/** What the bytes of a segment or part are. Only its video is judged: a wall is muted. */
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
       * Of the first video stream. `null` where the bytes do not tell, as a part without its initialisation
       * section, and for codecs without a name in {@link VideoFormat}.
       */
      readonly video: VideoFormat | null;
      /** The samples of the video are encrypted (SAMPLE-AES, Common Encryption), so that its pictures cannot be shown. */
      readonly encrypted: boolean;
    }
  /** `problem` completes "the segment …": "is HTML", "has no video". */
  | { readonly ok: false; readonly problem: string; readonly kind: ProblemKind };

/**
 * `no-video`: whole media without a picture in this piece. `names-no-video`: the stream's own description has none, so that no other
 * piece will have. `damaged`: anything else, and what is no media at all.
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
