import { GATEWAY_GRACE_MS } from '../../renderer/playback/transport.ts';
import { MAX_DEADLINE_MS } from '../../shared/gateway/gateway-contract.ts';
import { LIGHT_CHECK_MS } from '../../shared/light-watch.ts';
import { declaredDueMs } from '../../shared/proof-due.ts';
import { MAX_PLAYERS } from '../../shared/selector/selector.ts';
import type { Encoding } from './simulated-origin.ts';

/** A rule that a simulated tile broke. */
export class Breach extends Error {
  constructor(
    /** The function of this file that found it. */
    readonly invariant: string,
    readonly rule: string,
    words: string,
  ) {
    super(`${invariant} (${rule}): ${words}`);
    this.name = 'Breach';
  }
}

/** What a tile knows of a player as long as it lives. */
export interface PlayerFacts {
  readonly streamId: string;
  readonly disposed: boolean;
  /** Frames with a later media time than the one before, from this very attempt. */
  readonly framesPresented: number;
}

/** What is on the screen of a tile. */
export type OnScreen<P extends PlayerFacts> = P | 'still' | null;

/** Frames after which a player counts as presenting (rule 6: "presented frames"). */
const PRESENTED_FRAMES = 2;

/** Once a picture was shown there is always one: the player on top lives, or its still is there. */
export function aPictureStays(onScreen: OnScreen<PlayerFacts>, hadPicture: boolean): void {
  if (!hadPicture) return;
  if (onScreen === null)
    throw new Breach('aPictureStays', 'rule 6', 'the tile had shown its camera and shows nothing');
  if (onScreen !== 'still' && onScreen.disposed)
    throw new Breach(
      'aPictureStays',
      'rule 6',
      `the player of ${onScreen.streamId} was disposed of while its picture was on top`,
    );
}

/** What is shown changes only to a stream that presented frames in this attempt. */
export function onlyPresentedIsShown(raised: PlayerFacts): void {
  if (raised.disposed)
    throw new Breach('onlyPresentedIsShown', 'rule 6', `${raised.streamId} was raised after its disposal`);
  if (raised.framesPresented < PRESENTED_FRAMES)
    throw new Breach(
      'onlyPresentedIsShown',
      'rule 6',
      `${raised.streamId} was raised after ${raised.framesPresented} frames`,
    );
}

/**
 * Two players at most. A player that could not give its picture as a still keeps it, beside the two, until it
 * is covered.
 */
export function twoPlayersAtMost(alive: number, held: number): void {
  if (alive - held > MAX_PLAYERS)
    throw new Breach('twoPlayersAtMost', 'rule 15', `${alive} players are alive, ${held} of them held`);
}

/** Each request names a deadline that the gateway can keep. */
export function requestsNameADeadline(deadlineMs: number, pathname: string): void {
  if (!(deadlineMs > 0 && deadlineMs <= MAX_DEADLINE_MS))
    throw new Breach('requestsNameADeadline', 'rule 12', `a deadline of ${deadlineMs} ms for ${pathname}`);
}

/** No request outlives its deadline, also where no answer and no word of the gateway's comes. */
export function requestsEnd(ageMs: number, deadlineMs: number, pathname: string): void {
  if (ageMs > deadlineMs + GATEWAY_GRACE_MS)
    throw new Breach(
      'requestsEnd',
      'rule 12',
      `${pathname} is asked for since ${Math.round(ageMs)} ms, with a deadline of ${deadlineMs} ms`,
    );
}

/** Most requests for one stream's playlist in a second, whatever the cause. */
const MOST_ASKS = 4;
const SECOND_MS = 1000;

/**
 * @param asksMs when one tile asked for the playlist of one stream, the oldest first
 * @param sinceMs what was asked before was asked by another watch
 */
export function streamsAreAskedSparingly(asksMs: readonly number[], sinceMs: number, streamId: string): void {
  const latestMs = asksMs.at(-1) ?? 0;
  const lately = asksMs.filter((atMs) => atMs > latestMs - SECOND_MS && atMs >= sinceMs).length;
  if (lately > MOST_ASKS)
    throw new Breach(
      'streamsAreAskedSparingly',
      'rule 12',
      `${streamId} was asked ${lately} times within a second`,
    );
}

/** A light watch rests for so long at least, ms: no two of its checks are in such a time as a whole. */
export const LIGHT_WINDOW_MS = 0.8 * LIGHT_CHECK_MS;
/** Requests of one check: a session, its media, and its live edge once a second until that has moved. */
const MOST_LIGHT_ASKS = 14;

/** @param asks what the site was asked for a lightly watched standby within {@link LIGHT_WINDOW_MS}, all being calm for longer */
export function lightStandbysRest(asks: number, streamId: string): void {
  if (asks > MOST_LIGHT_ASKS)
    throw new Breach(
      'lightStandbysRest',
      'rule 3',
      `${streamId} is watched lightly, and was asked ${asks} times within ${LIGHT_WINDOW_MS / 1000} s`,
    );
}

/** Players that a tile may start within a minute on a stream that none of them can show, beside a picture that is fine. */
const MOST_VAIN_STARTS = 8;
export const VAIN_STARTS_MS = 60_000;

/** @param starts players that the tile started on it within {@link VAIN_STARTS_MS}, since it cannot be shown */
export function vainStartsAreDamped(starts: number, streamId: string): void {
  if (starts > MOST_VAIN_STARTS)
    throw new Breach(
      'vainStartsAreDamped',
      'rules 9 and 12',
      `${starts} players were started within a minute on ${streamId}, which none can show`,
    );
}

/** A tile knows what two of its players have found out, after so long, ms. */
const FOUND_OUT_MS = 3000;

/** Standbys that the tile's own players cannot show are no redundancy, whatever their watches say. */
export function redundancyIsTrue(
  redundancy: 'ok' | 'none' | 'single' | 'unknown',
  knownForMs: number,
  tile: string,
): void {
  if (redundancy === 'ok' && knownForMs > FOUND_OUT_MS)
    throw new Breach(
      'redundancyIsTrue',
      'rule 3',
      `${tile} counts on standbys of which two players have shown nothing ${Math.round(knownForMs)} ms ago`,
    );
}

/** A player that said in time that it would not play on for long is replaced before its picture stops. */
export function ageingIsAnswered(fineForMs: number, agedForMs: number, streamId: string): void {
  if (fineForMs >= agedForMs)
    throw new Breach(
      'ageingIsAnswered',
      'rule 6',
      `the picture of ${streamId} stopped ${Math.round(agedForMs)} ms after its player had said that it would`,
    );
}

/** What nobody ended when a tile went. */
export interface Leftovers {
  readonly players: number;
  readonly timers: number;
  readonly requests: number;
  readonly listeners: number;
}

export function nothingIsLeft(left: Leftovers): void {
  const found = Object.entries(left).filter(([, count]) => count !== 0);
  if (found.length > 0)
    throw new Breach(
      'nothingIsLeft',
      'field-notes.md, "what people complain of"',
      `after its disposal the tile still has ${found.map(([what, count]) => `${count} ${what}`).join(', ')}`,
    );
}

/** While suspended nothing is decided: no player begins, no other picture is raised. */
export function suspendedTilesRest(suspended: boolean, what: string): void {
  if (suspended) throw new Breach('suspendedTilesRest', 'rule 10', `${what} while suspended`);
}

/** Least and longest damped stable time (rule 9), ms. */
const LEAST_DAMPED_MS = 10_000;
const LONGEST_DAMPED_MS = 600_000;

/** The stable time of a stream to which so many failbacks were undone, ms (rule 9). */
export function dampedMs(stableMs: number, undone: number): number {
  let damped = stableMs;
  for (let time = 0; time < undone; time += 1) damped = Math.max(LEAST_DAMPED_MS, 2 * damped);
  return Math.max(stableMs, Math.min(LONGEST_DAMPED_MS, damped));
}

/** No failback before the whole stable time, as damping made it, has passed without evidence. */
export function failbackWaits(
  back: { readonly sinceEvidenceMs: number; readonly undone: number },
  stableMs: number,
  streamId: string,
): void {
  const leastMs = dampedMs(stableMs, back.undone);
  if (back.sinceEvidenceMs < leastMs)
    throw new Breach(
      'failbackWaits',
      'rules 8 and 9',
      `back to ${streamId} ${Math.round(back.sinceEvidenceMs)} ms after evidence against it, stable time ${leastMs} ms after ${back.undone} undone failbacks`,
    );
}

/** An automatic failback happens within the allowed hours only. */
export function failbackKeepsHours(
  hours: { readonly from: number; readonly to: number } | undefined,
  localHours: readonly number[],
  tile: string,
): void {
  if (hours === undefined) return;
  const { from, to } = hours;
  const isWithin = (hour: number): boolean =>
    from <= to ? hour >= from && hour < to : hour >= from || hour < to;
  if (!localHours.some(isWithin))
    throw new Breach(
      'failbackKeepsHours',
      'rule 8',
      `${tile} failed back at ${localHours.join(' or ')} o'clock, allowed from ${from} to ${to}`,
    );
}

/** A stream that nothing was wrong with for so long is not left for evidence against it, ms. */
const SURELY_FINE_MS = 45_000;

/** A tile leaves a stream for evidence only where something was wrong with it: no other tile's faults move it. */
export function onlyFaultsMoveTiles(
  left: { readonly streamId: string; readonly fineForMs: number },
  cause: string,
): void {
  if (left.fineForMs > SURELY_FINE_MS)
    throw new Breach(
      'onlyFaultsMoveTiles',
      'rules 1 and 4',
      `${left.streamId} was left for "${cause}" though nothing was wrong with it for ${Math.round(left.fineForMs / 1000)} s`,
    );
}

/** A stream is lost for evidence only: nothing is missed of one that goes on, whoever looks at it. */
export function onlyFaultsLoseStreams(fineForMs: number, streamId: string): void {
  if (fineForMs > SURELY_FINE_MS)
    throw new Breach(
      'onlyFaultsLoseStreams',
      'rule 4',
      `${streamId} was lost though nothing was wrong with it for ${Math.round(fineForMs / 1000)} s`,
    );
}

/** Decoding and the first frame of a standby, with room for a slow machine, ms. */
const STANDBY_START_MS = 2000;
/** A picture with media to play stands still after so many intervals between frames, at least after this, ms. */
const STALL_INTERVALS = 4;
const STALL_MS = 1500;
/** Heartbeat of a tile and rounding, ms. */
const SLACK_MS = 500;

/**
 * Longest time that a healthy standby may stand beside a lost shown stream, ms:
 * - notice (rule 4): proof of life is due after at most twice what the playlist declares (the measured pace may ask for
 *   it), or after 1.5 intervals of the probes, and a round trip; one probe confirms it, within its deadline. Media is
 *   noticed later: the next piece is asked for after T, and fails at its deadline of 3 T, at least 2 s. A picture that
 *   stands still is noticed after some intervals between frames;
 * - Reaction Time (rule 4), which rule 5 only shortens;
 * - each other stream that the tile tries first may be stuck for max(Reaction Time, 3 s) (rules 5, 11);
 * - the standby presents two frames (rule 6).
 */
export function budgetMs(
  encoding: Encoding,
  tile: {
    readonly roundTripMs: number;
    /** A preset's interval of probes, where it is longest; 0 without. */
    readonly longestWatchMs: number;
    /** From frame to frame, where that is longest. */
    readonly slowestFrameMs: number;
    readonly reactionTimeMs: number;
    readonly streams: number;
  },
): number {
  const { targetMs, partMs } = encoding;
  const dueMs = Math.max(2 * declaredDueMs(targetMs, partMs), 1.5 * tile.longestWatchMs) + tile.roundTripMs;
  const playlistMs = dueMs + Math.max(1000, dueMs);
  const mediaMs = targetMs + Math.max(2000, 3 * targetMs);
  const pictureMs = Math.max(STALL_MS, STALL_INTERVALS * tile.slowestFrameMs);
  const stuckMs = Math.max(tile.reactionTimeMs, 3000);
  return (
    Math.max(playlistMs, mediaMs, pictureMs) +
    tile.reactionTimeMs +
    Math.max(0, tile.streams - 2) * stuckMs +
    STANDBY_START_MS +
    tile.slowestFrameMs +
    6 * tile.roundTripMs +
    SLACK_MS
  );
}

/** A healthy standby beside a lost shown stream never outlasts the budget. */
export function standbyIsTaken(
  lost: { readonly streamId: string; readonly forMs: number },
  healthy: string,
  budget: number,
): void {
  if (lost.forMs > budget)
    throw new Breach(
      'standbyIsTaken',
      'rules 4, 5 and 6',
      `${lost.streamId} is down for ${Math.round(lost.forMs)} ms and still shown, ${healthy} is healthy; budget ${Math.round(budget)} ms`,
    );
}

/** A tile that says LIVE presents new frames, close enough to the live edge. */
export function liveIsMeasured(picture: {
  readonly ageMs: number;
  readonly usualMs: number;
  readonly behindMs: number;
  readonly limitMs: number;
}): void {
  const { ageMs, usualMs, behindMs, limitMs } = picture;
  if (ageMs > usualMs || behindMs > limitMs)
    throw new Breach(
      'liveIsMeasured',
      'rule 7',
      `LIVE with a picture ${Math.round(ageMs)} ms old, ${Math.round(behindMs)} ms behind the live edge`,
    );
}

/** Nothing is terminal: when all is well for long enough, every tile shows a moving picture of its first stream. */
export function everyTileRecovers(picture: { readonly moves: boolean; readonly words: string }): void {
  if (!picture.moves)
    throw new Breach('everyTileRecovers', 'rule 12', `all faults are healed, and the tile: ${picture.words}`);
}

/** One tile's faults change nothing in another: its trace is the same without them. */
export function tilesAreIndependent(tile: string, withFaults: number, without: number): void {
  if (withFaults !== without)
    throw new Breach('tilesAreIndependent', 'rule 1', `faults of other cameras changed ${tile}`);
}
