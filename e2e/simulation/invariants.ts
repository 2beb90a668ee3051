import { GATEWAY_GRACE_MS } from '../../renderer/playback/transport.ts';
import { MAX_DEADLINE_MS } from '../../shared/gateway/gateway-contract.ts';
import { LIGHT_CHECK_MS } from '../../shared/light-watch.ts';
import { declaredDueMs } from '../../shared/proof-due.ts';
import { MAX_PLAYERS } from '../../shared/selector/selector.ts';
import type { Encoding } from './simulated-origin.ts';

/** An invariant that a simulated tile violated. */
export class Breach extends Error {
  constructor(
    /** The function of this file that detected it. */
    readonly invariant: string,
    readonly rule: string,
    words: string,
  ) {
    super(`${invariant} (${rule}): ${words}`);
    this.name = 'Breach';
  }
}

/** What a tile knows of a living player. */
export interface PlayerFacts {
  readonly streamId: string;
  readonly disposed: boolean;
  /** Frames of this attempt, each with a later media time than the one before. */
  readonly framesPresented: number;
}

/** What is on the screen of a tile. */
export type OnScreen<P extends PlayerFacts> = P | 'still' | null;

/** Frames after which a player counts as presenting (rule 6: "presented frames"). */
const PRESENTED_FRAMES = 2;

/** After the first picture there is always one: the player on top is alive, or its still is shown. */
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

/** The tile changes only to a stream that has presented frames in this attempt. */
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

/** At most two players. A player whose picture could not be kept as a still stays in addition until it is covered. */
export function twoPlayersAtMost(alive: number, held: number): void {
  if (alive - held > MAX_PLAYERS)
    throw new Breach('twoPlayersAtMost', 'rule 15', `${alive} players are alive, ${held} of them held`);
}

/** Each request has a deadline that the gateway can keep. */
export function requestsNameADeadline(deadlineMs: number, pathname: string): void {
  if (!(deadlineMs > 0 && deadlineMs <= MAX_DEADLINE_MS))
    throw new Breach('requestsNameADeadline', 'rule 12', `a deadline of ${deadlineMs} ms for ${pathname}`);
}

/** No request outlives its deadline, also where the gateway sends neither an answer nor a failure. */
export function requestsEnd(ageMs: number, deadlineMs: number, pathname: string): void {
  if (ageMs > deadlineMs + GATEWAY_GRACE_MS)
    throw new Breach(
      'requestsEnd',
      'rule 12',
      `${pathname} is asked for since ${Math.round(ageMs)} ms, with a deadline of ${deadlineMs} ms`,
    );
}

/** Limit of requests for one stream's playlist in a second, for any reason. */
const MOST_ASKS = 4;
const SECOND_MS = 1000;

/**
 * @param asksMs times at which one tile requested the playlist of one stream, oldest first
 * @param sinceMs requests before this time came from another watch
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

/** A light watch rests for at least this long, ms: no two of its checks are within this time. */
export const LIGHT_WINDOW_MS = 0.8 * LIGHT_CHECK_MS;
/** Limit of requests of one check: a session, its media, and its live edge once a second until that has moved. */
const MOST_LIGHT_ASKS = 14;

/**
 * @param asks requests to the site for a lightly watched standby within {@link LIGHT_WINDOW_MS}. Nothing has happened to it
 *   for longer than that
 */
export function lightStandbysRest(asks: number, streamId: string): void {
  if (asks > MOST_LIGHT_ASKS)
    throw new Breach(
      'lightStandbysRest',
      'rule 3',
      `${streamId} is watched lightly, and was asked ${asks} times within ${LIGHT_WINDOW_MS / 1000} s`,
    );
}

/**
 * Limit of players that a tile may start within {@link VAIN_STARTS_MS} on a stream that no player can show, while its picture is
 * fine.
 */
const MOST_VAIN_STARTS = 8;
/** Period in which these starts are counted, ms. */
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

/** Time after which a tile must know what two of its players have found out, ms. */
const FOUND_OUT_MS = 3000;

/** Standbys that the tile's own players cannot show are no redundancy, whatever their watches report. */
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

/** A player that reported in time that its picture would soon stop is replaced before that. */
export function ageingIsAnswered(fineForMs: number, agedForMs: number, streamId: string): void {
  if (fineForMs >= agedForMs)
    throw new Breach(
      'ageingIsAnswered',
      'rule 6',
      `the picture of ${streamId} stopped ${Math.round(agedForMs)} ms after its player had said that it would`,
    );
}

/** What was left open when a tile closed. */
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
      'memory that grows for days',
      `after its disposal the tile still has ${found.map(([what, count]) => `${count} ${what}`).join(', ')}`,
    );
}

/** While suspended a tile decides nothing: it starts no player and raises no other picture. */
export function suspendedTilesRest(suspended: boolean, what: string): void {
  if (suspended) throw new Breach('suspendedTilesRest', 'rule 10', `${what} while suspended`);
}

/** The shortest damped stable time (rule 9), ms. */
const LEAST_DAMPED_MS = 10_000;
/** The longest damped stable time (rule 9), ms. */
const LONGEST_DAMPED_MS = 600_000;

/** The stable time of a stream after this number of undone failbacks, ms (rule 9). */
export function dampedMs(stableMs: number, undone: number): number {
  let damped = stableMs;
  for (let time = 0; time < undone; time += 1) damped = Math.max(LEAST_DAMPED_MS, 2 * damped);
  return Math.max(stableMs, Math.min(LONGEST_DAMPED_MS, damped));
}

/** A failback waits until the whole stable time, as damped, has passed without evidence. */
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

/** An automatic failback happens only within the allowed hours. */
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

/** A stream that was fine for this long is not left because of evidence, ms. */
const SURELY_FINE_MS = 45_000;

/**
 * A tile leaves a stream because of evidence only if something was wrong with that stream: faults of other tiles have
 * no effect.
 */
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

/** A stream is lost only because of evidence: a stream that goes on never counts as lost. */
export function onlyFaultsLoseStreams(fineForMs: number, streamId: string): void {
  if (fineForMs > SURELY_FINE_MS)
    throw new Breach(
      'onlyFaultsLoseStreams',
      'rule 4',
      `${streamId} was lost though nothing was wrong with it for ${Math.round(fineForMs / 1000)} s`,
    );
}

/** Time until the first frame of a standby on a slow machine, ms. */
const STANDBY_START_MS = 2000;
/** A picture with media to play counts as stalled after this many frame intervals, if that is at least {@link STALL_MS}. */
const STALL_INTERVALS = 4;
/** A picture never counts as stalled before this time, ms. */
const STALL_MS = 1500;
/** Time for a tile's heartbeat and for rounding, ms. */
const SLACK_MS = 500;

/**
 * Longest time for which a healthy standby may exist beside a lost shown stream, ms:
 * - notice (rule 4): proof of life is due after at most twice what the playlist declares (where its measured pace is
 * slower), or after 1.5 probe intervals, and a round trip; one probe confirms it, within its deadline. Media is noticed
 * later: the next piece is requested after T, and fails at its deadline of 3 T, at least 2 s. A picture that stalls is
 * noticed after some frame intervals;
 * - Reaction Time (rule 4), which rule 5 can only shorten;
 * - each other stream that the tile tries first may be stuck for max(Reaction Time, 3 s) (rules 5, 11);
 * - the standby presents two frames (rule 6).
 */
export function budgetMs(
  encoding: Encoding,
  tile: {
    readonly roundTripMs: number;
    /** The longest configured probe interval; 0 without one. */
    readonly longestWatchMs: number;
    /** The longest frame interval. */
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

/** A healthy standby beside a lost shown stream is taken within the budget. */
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

/**
 * No fault is final: when all streams have been fine for long enough, every tile shows a moving picture of its first
 * stream.
 */
export function everyTileRecovers(picture: { readonly moves: boolean; readonly words: string }): void {
  if (!picture.moves)
    throw new Breach('everyTileRecovers', 'rule 12', `all faults are healed, and the tile: ${picture.words}`);
}

/** One tile's faults change nothing in another tile: its trace is the same without them. */
export function tilesAreIndependent(tile: string, withFaults: number, without: number): void {
  if (withFaults !== without)
    throw new Breach('tilesAreIndependent', 'rule 1', `faults of other cameras changed ${tile}`);
}
