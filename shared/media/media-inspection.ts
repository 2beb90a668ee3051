import type { VideoFormat } from './video-format.ts';

/** What the bytes of a segment or part are. */
export type MediaInspection =
  | {
      readonly ok: true;
      /** `audio` is packed audio: elementary frames without a container. */
      readonly container: 'ts' | 'fmp4' | 'audio';
      /** Whether decoding of the video can begin within these bytes; always false for packed audio. */
      readonly keyFrame: boolean | 'unknown';
      /** False where the last access unit is shorter than it says, though every packet is whole. */
      readonly complete: boolean;
      /** `null` where the bytes do not tell, as a part without its initialisation section. */
      readonly video: VideoFormat | null;
    }
  /** `problem` completes "the segment …": "is HTML", "has no video". */
  | { readonly ok: false; readonly problem: string };

/** Thrown within `shared/media/` and turned into a result by `inspectMedia`. */
export class MediaProblem extends Error {}
