import type { EvidenceCause } from '../../shared/cause.ts';
import type { Quality, Stream } from '../../shared/config/config.ts';
import type { Latency } from '../../shared/hot-allotment.ts';
import type { EdgePlace } from '../../shared/playlist/live-edge.ts';
import type { Evidence } from '../../shared/selector/types.ts';
import type { PresentedFrame } from './frame-source.ts';

export type PlayerReport =
  /** A byte arrived. */
  | { readonly type: 'progress' }
  /** From the player's own loads: the live edge of a playlist moved, or media was fetched and parsed. */
  | { readonly type: 'proof'; readonly channel: 'playlist'; readonly edge: EdgePlace }
  | { readonly type: 'proof'; readonly channel: 'media' }
  | {
      readonly type: 'evidence';
      readonly evidence: Evidence;
      /** The gateway's own words, where it gave a reason. */
      readonly words?: string | undefined;
    }
  | { readonly type: 'frame'; readonly frame: PresentedFrame }
  /** The player still plays, but not for long: another player of the same stream has to replace it. */
  | { readonly type: 'ageing' }
  /** The player cannot continue by itself: the decoder failed, or the stream's format does not fit. */
  | { readonly type: 'failed'; readonly cause: EvidenceCause };

/** What a player's own loads say about a playlist that is late. */
export interface PlaylistLoads {
  /** How long the pending playlist has been unanswered, beyond the time that the site may delay it, ms; 0 where none is. */
  readonly unansweredMs: number;
  /**
   * How long the live edge had been stalled when the latest playlist was answered, ms; 0 where it had moved in that answer, and
   * before there were two answers.
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
  /** Whether requested media takes longer to load than to play. */
  mediaIsLate(): boolean;
  playlistLoads(): PlaylistLoads;
  /** Frames that came to the screen, whether the page saw them or not. */
  presentedFrames(): number;
  /** Frames that were decoded and not presented. */
  droppedFrames(): number;
  /** Sets how a stream with parts is played from now on. A stream without parts has nothing to relax. */
  setLatency(latency: Latency): void;
  /** Whether it plays a stream with parts by whole segments. */
  isRelaxed(): boolean;
  /** Sets which variant of a multivariant playlist is played from now on. A media playlist has only itself. */
  setVariant(variant: Quality): void;
  /** Jumps to the live edge, after a local fault. */
  goLive(): void;
  dispose(): void;
}

export interface PlayerOptions {
  /** Where to begin, epoch ms of the stream's own clock, if its playlist contains that moment (rule 6). */
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
