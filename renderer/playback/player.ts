import type { EvidenceCause } from '../../shared/cause.ts';
import type { Quality, Stream } from '../../shared/config/config.ts';
import type { Latency } from '../../shared/hot-allotment.ts';
import type { EdgePlace } from '../../shared/playlist/live-edge.ts';
import type { Evidence } from '../../shared/selector/types.ts';
import type { PresentedFrame } from './frame-source.ts';

export type PlayerReport =
  /** A byte arrived. */
  | { readonly type: 'progress' }
  /** The player's own loads: a playlist whose live edge moved there, media that was fetched and parsed. */
  | { readonly type: 'proof'; readonly channel: 'playlist'; readonly edge: EdgePlace }
  | { readonly type: 'proof'; readonly channel: 'media' }
  | {
      readonly type: 'evidence';
      readonly evidence: Evidence;
      /** The gateway's own words, where it said why. */
      readonly words?: string | undefined;
    }
  | { readonly type: 'frame'; readonly frame: PresentedFrame }
  /** It plays on, but not for long: another player on the same stream has to take its place. */
  | { readonly type: 'ageing' }
  /** It cannot go on by itself: the decoder or the stream's format. */
  | { readonly type: 'failed'; readonly cause: EvidenceCause };

/** What a player's own loads tell of a playlist that is late. */
export interface PlaylistLoads {
  /** For how long the one on its way has not been answered, beyond what the site may hold it back, ms; 0 where none is. */
  readonly unansweredMs: number;
  /**
   * How long the live edge had stood when the latest was answered, ms. 0 where the latest answer had moved, and until two have come.
   */
  readonly unmovedMs: number;
}

/** One player on one video element. It stops reporting and frees everything at `dispose`. */
export interface Player {
  /** The element of the picture; the owner places it. */
  readonly video: HTMLVideoElement;
  /** Media ahead of the picture, ms. */
  bufferAheadMs(): number;
  /** How far the newest frame is behind the live edge, ms; `null` before both are known. */
  behindLiveMs(): number | null;
  /** Target duration of the playlist, ms; `null` before the first playlist. */
  targetDurationMs(): number | null;
  /** Longest part of the playlist, ms; `null` without parts. */
  partTargetMs(): number | null;
  /** Program date-time, epoch ms of the site's clock, of a place on the media's timeline; `null` without. */
  programDateTimeMs(mediaTimeS: number): number | null;
  /** Whether media that was asked for takes longer to come than to play. */
  mediaIsLate(): boolean;
  playlistLoads(): PlaylistLoads;
  /** Frames that came to the screen, whether the page was told of them or not. */
  presentedFrames(): number;
  /** Frames that were decoded and not presented. */
  droppedFrames(): number;
  /** How a stream with parts is played from now on; one without has nothing to relax. */
  setLatency(latency: Latency): void;
  /** Whether it plays a stream with parts by whole segments. */
  isRelaxed(): boolean;
  /** Which of a multivariant playlist's variants is played from now on; a media playlist has only itself. */
  setVariant(variant: Quality): void;
  /** Jumps to the live edge, after a local fault. */
  goLive(): void;
  dispose(): void;
}

export interface PlayerOptions {
  /** Where to begin, epoch ms of the stream's own clock, if its window reaches there (rule 6). */
  readonly startAtProgramDateTimeMs: number | null;
  readonly latency: Latency;
  /** Whether its picture is on the screen. */
  readonly use: () => 'shown' | 'standby';
}

export type PlayerFactory = (
  stream: Stream,
  options: PlayerOptions,
  report: (report: PlayerReport) => void,
) => Player;
