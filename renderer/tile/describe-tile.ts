import { type EvidenceCause, isCurable } from '../../shared/cause.ts';
import { causeWords } from '../../shared/cause-words.ts';
import type { Stream } from '../../shared/config/config.ts';
import { lightWatchWords } from '../../shared/light-watch.ts';
import { reactionWords } from '../../shared/proof-due.ts';
import { stableTimeMs } from '../../shared/selector/damping.ts';
import { type Complaint, isUnused } from '../../shared/selector/readings.ts';
import { LOCAL_GAP_MS, missingPicture, offeredReturn, redundancyOf } from '../../shared/selector/selector.ts';
import { firstEvidence } from '../../shared/selector/standing.ts';
import type { Standing, TileState, WatchedStream } from '../../shared/selector/types.ts';
import { edgeLagMs } from '../../shared/selector/validation.ts';
import type { StreamLine, TileSnapshot } from '../stores/tile-snapshot.ts';
import type { Suspension } from '../window/host-activity.ts';
import { furtherWords, type GatewayFailure } from './gateway-failure.ts';
import type { PictureFault } from './picture-comparison.ts';

/** What the tile measured, in addition to the selector's state. Times are monotonic ms. */
export interface Measurements {
  readonly nowMs: number;
  /** Wall time of a monotonic moment, for what people read. */
  readonly clockTime: (atMs: number) => string;
  readonly lastFrameMs: number | null;
  readonly frameIntervalMs: number | null;
  readonly behindLiveMs: number | null;
  readonly targetDurationMs: number | null;
  readonly partTargetMs: number | null;
  readonly isRelaxed: boolean;
  /** As {@link TileSnapshot.isHeldToSub}. */
  readonly isHeldToSub: boolean;
  readonly longestGapMs: number | null;
  readonly lastChange: TileSnapshot['lastChange'];
  /** The fault that a comparison with another site's copy found. */
  readonly pictureFault: (streamId: string) => PictureFault | null;
  /** The failure behind the stream's latest evidence, where the gateway gave a reason. */
  readonly gatewayFailure: (streamId: string) => GatewayFailure | null;
  readonly suspension: Suspension | null;
  /** Whether the alarm about lost redundancy is raised. A loss of a moment is not shown at all. */
  readonly tellsOfLostRedundancy: boolean;
}

/** The age of a picture is shown when it exceeds this, ms. */
const AGED_MS = 1500;
/** Least allowed distance of a LIVE picture behind the live edge, ms (rule 7). */
const LIVE_MS = 5000;

/** All that the operator sees of a tile, from its selector's state and its measurements. */
export function describeTile(
  state: TileState,
  streams: readonly Stream[],
  measured: Measurements,
): TileSnapshot {
  const { phase } = state;
  const shownId = shownStreamId(state);
  const shown = streams.find(({ id }) => id === shownId);
  const ageMs = measured.lastFrameMs === null ? null : measured.nowMs - measured.lastFrameMs;
  const redundancy = redundancyToTell(state, measured);
  const pictureFault = shownId === null ? null : measured.pictureFault(shownId);
  const offered = streams.find(({ id }) => id === offeredReturn(state));
  return {
    // A precaution, or another player of the same stream, is of no interest to the operator: nothing is wrong yet.
    // And a picture that still moves is not a held one.
    phase: isOwnAffair(phase) || isRunningOut(phase) ? 'showing' : phase.kind,
    site:
      shown === undefined
        ? null
        : {
            id: shown.siteId,
            name: shown.siteName,
            rank: siteRank(streams, shown.siteId),
            quality: shown.quality,
          },
    live: isLive(state, ageMs, measured) && pictureFault === null,
    pictureFault: pictureFault?.verdict ?? null,
    hasPicture: shownId !== null,
    missesPicture: missingPicture(state, measured.nowMs) !== null,
    isHeldUp: phase.kind === 'suspended' && measured.suspension === 'host-blocked',
    lastPictureAgeS: ageMs === null || ageMs < AGED_MS ? null : Math.floor(ageMs / 1000),
    redundancy,
    words: stateWords(state, streams, redundancy, measured),
    offerReturn: offered === undefined ? null : { siteName: offered.siteName },
    streams: state.streams.flatMap((watched) => streamLine(state, streams, watched, measured)),
    reaction:
      measured.targetDurationMs === null
        ? null
        : reactionWords(measured.targetDurationMs, measured.partTargetMs, state.policies),
    isRelaxed: measured.isRelaxed,
    isHeldToSub: measured.isHeldToSub,
    longestGapMs: measured.longestGapMs === null ? null : Math.round(measured.longestGapMs),
    lastChange: measured.lastChange,
  };
}

/** Makes badge and alarm appear at the same moment. */
function redundancyToTell(
  state: TileState,
  { tellsOfLostRedundancy }: Measurements,
): TileSnapshot['redundancy'] {
  const redundancy = redundancyOf(state);
  return redundancy === 'none' && !tellsOfLostRedundancy ? 'unknown' : redundancy;
}

/** The stream whose picture is in the tile, moving or held. */
export function shownStreamId({ phase }: TileState): string | null {
  if ('heldStreamId' in phase) return phase.heldStreamId;
  return 'shown' in phase ? (phase.shown?.streamId ?? null) : null;
}

/** The player whose picture moves in the tile; `null` before the first one, and while a still is held. */
export function shownPlayerId({ phase }: TileState): number | null {
  return 'shown' in phase ? (phase.shown?.playerId ?? null) : null;
}

function siteRank(streams: readonly Stream[], siteId: string): number {
  return [...new Set(streams.map((stream) => stream.siteId))].indexOf(siteId);
}

/**
 * Rule 7: a picture is LIVE while it has new frames (a frozen picture's are not new), no further behind the live edge than
 * max(3 T, 5 s). After a standstill of this machine, only frames since then count.
 */
function isLive(
  { phase, clocksFromMs, lastStepMs }: TileState,
  ageMs: number | null,
  measured: Measurements,
): boolean {
  if (phase.kind === 'suspended' || ageMs === null || measured.behindLiveMs === null) return false;
  if (measured.nowMs - lastStepMs > LOCAL_GAP_MS || measured.nowMs - ageMs < clocksFromMs) return false;
  const stillNew = ageMs <= Math.max(1000, 4 * (measured.frameIntervalMs ?? 0));
  return stillNew && measured.behindLiveMs <= liveLimitMs(measured.targetDurationMs);
}

/** The largest distance of a LIVE picture behind the live edge, ms (rule 7). */
export function liveLimitMs(targetDurationMs: number | null): number {
  return Math.max(3 * (targetDurationMs ?? 0), LIVE_MS);
}

function stateWords(
  state: TileState,
  streams: readonly Stream[],
  redundancy: TileSnapshot['redundancy'],
  measured: Measurements,
): string | null {
  const { phase } = state;
  switch (phase.kind) {
    case 'starting': {
      const missing = missingPicture(state, measured.nowMs);
      if (missing !== null) return `No picture yet: ${whyDark(missing, streams, measured)}`;
      const names = phase.attempts.map(({ streamId }) => siteName(streams, streamId));
      return names.length === 0 ? null : `Connecting to ${listWords(names)}`;
    }
    case 'switching': {
      const from = siteName(streams, phase.shown.streamId);
      const to = siteName(streams, phase.incoming.streamId);
      if (isOwnAffair(phase)) return shownWords(state, streams, phase.shown.streamId, redundancy, measured);
      if (phase.why.kind === 'evidence')
        return `${from} ${causeWords(phase.why.cause)}: changing over to ${to}`;
      return from === to ? null : `Returning to ${to}`;
    }
    case 'holding': {
      const lost = complaintsOf(state.streams);
      // Streams that are back already are being tried.
      const held = [{ streamId: phase.heldStreamId, cause: phase.cause }];
      const words = whyDark(lost.length > 0 ? lost : held, streams, measured);
      return `${isRunningOut(phase) ? 'Every stream lost' : 'No video'}: ${words}`;
    }
    case 'suspended':
      return measured.suspension === 'host-blocked'
        ? 'Held up by this workstation'
        : 'Paused with this window';
    case 'showing':
      return shownWords(state, streams, phase.shown.streamId, redundancy, measured);
  }
}

function shownWords(
  state: TileState,
  streams: readonly Stream[],
  shownId: string,
  redundancy: TileSnapshot['redundancy'],
  measured: Measurements,
): string | null {
  const fault = measured.pictureFault(shownId);
  if (fault !== null) return `Picture ${faultWords(fault, streams, measured)}`;
  const onBackup = backupWords(state, streams, shownId, measured);
  if (onBackup !== null || redundancy !== 'none') return onBackup;
  const siteId = streams.find(({ id }) => id === shownId)?.siteId;
  const others = state.streams.filter((stream) => stream.siteId !== siteId);
  return `No standby: ${complaintWords(complaintsOf(others), streams)}`;
}

/** Whether a change is prepared although nothing is wrong with the picture. */
function isOwnAffair(phase: TileState['phase']): boolean {
  if (phase.kind !== 'switching') return false;
  const { why } = phase;
  return why.kind === 'precaution' || (why.kind === 'wish' && why.cause === 'renewed');
}

/** Whether every stream is lost, but the picture continues until its buffer is dry. */
function isRunningOut(phase: TileState['phase']): boolean {
  return phase.kind === 'holding' && phase.shown !== null && !phase.shown.stalled;
}

/** Why the tile is not on its first site; `null` when it is. */
function backupWords(
  state: TileState,
  streams: readonly Stream[],
  shownId: string,
  measured: Measurements,
): string | null {
  const shown = streams.find(({ id }) => id === shownId);
  const first = streams[0];
  if (shown === undefined || first === undefined) return null;
  const maintained = shown.maintenance ? ', in maintenance' : '';
  const on = `On ${shown.siteName}${maintained}`;
  if (shown.siteId === first.siteId) return shown.maintenance ? on : null;
  const preferred = state.streams.find(({ siteId }) => siteId === first.siteId)?.standing;
  switch (preferred?.kind) {
    case 'lost':
      return `${on}: ${first.siteName} ${causeWords(preferred.cause)} ${measured.clockTime(preferred.firstEvidenceAtMs)}`;
    case 'suspect':
      return `${on}: ${first.siteName} ${causeWords(firstEvidence(preferred.evidence).cause)}`;
    case 'validating': {
      const steadyMs = measured.nowMs - preferred.sinceMs;
      const { mode, stableMs } = state.policies.failback;
      const record = state.streams.find(({ siteId }) => siteId === first.siteId)?.record;
      const goalMs = record === undefined ? stableMs : stableTimeMs(stableMs, record);
      // After the stable time, a return still waits for its turn and for the allowed hours.
      const steady =
        mode === 'automatic'
          ? `${Math.floor(Math.min(steadyMs, goalMs) / 1000)} of ${Math.round(goalMs / 1000)}`
          : Math.floor(steadyMs / 1000);
      const flaps = goalMs > stableMs ? ', longer because it came and went' : '';
      return `${on}: ${first.siteName} is back, steady for ${steady} s${flaps}${lagWords(state, shownId, first)}`;
    }
    default:
      return on;
  }
}

/** Why a steady stream is not returned to: its picture is too old. A clock that was set in the meantime looks the same. */
function lagWords(state: TileState, shownId: string, first: Stream): string {
  const candidate = state.streams.find(({ siteId }) => siteId === first.siteId);
  const shown = state.streams.find(({ id }) => id === shownId);
  const lagMs = candidate === undefined || shown === undefined ? null : edgeLagMs(candidate, shown);
  if (lagMs === null || lagMs <= state.policies.failback.allowedLagMs) return '';
  return `, but its picture is ${Math.round(lagMs / 1000)} s older than it used to be, or its clock was set`;
}

function complaintsOf(streams: readonly WatchedStream[]): readonly Complaint[] {
  return streams.flatMap(({ id, standing }) =>
    standing.kind === 'lost' ? [{ streamId: id, cause: standing.cause }] : [],
  );
}

/** The complaints in words. A dark tile needs somebody's help, so it shows the gateway's advice at once. */
function whyDark(
  complaints: readonly Complaint[],
  streams: readonly Stream[],
  { gatewayFailure }: Measurements,
): string {
  const cures = new Set<string>();
  const others = complaints.filter(({ streamId, cause }) => {
    const failure = gatewayFailure(streamId);
    if (!isCurable(cause) || failure?.cause !== cause) return true;
    cures.add(failure.words);
    return false;
  });
  return [...cures, ...(others.length > 0 ? [complaintWords(others, streams)] : [])].join('; ');
}

/** "Main and Backup did not answer", "Main sends H.265, which this workstation cannot show; Backup answered 503". */
function complaintWords(complaints: readonly Complaint[], streams: readonly Stream[]): string {
  const sitesByCause = new Map<EvidenceCause, Set<string>>();
  for (const { streamId, cause } of complaints)
    sitesByCause.set(cause, (sitesByCause.get(cause) ?? new Set()).add(siteName(streams, streamId)));
  return [...sitesByCause]
    .map(
      ([cause, sites]) =>
        `${listWords([...sites])} ${causeWords(cause, sites.size === 1 ? 'one' : 'several')}`,
    )
    .join('; ');
}

/** "Main", "Main and Backup", "Main, Backup and Third". */
function listWords(names: readonly string[]): string {
  const distinct = [...new Set(names)];
  const last = distinct.pop() ?? '';
  return distinct.length === 0 ? last : `${distinct.join(', ')} and ${last}`;
}

function siteName(streams: readonly Stream[], streamId: string): string {
  return streams.find(({ id }) => id === streamId)?.siteName ?? streamId;
}

function streamLine(
  state: TileState,
  streams: readonly Stream[],
  watched: WatchedStream,
  measured: Measurements,
): StreamLine[] {
  const stream = streams.find(({ id }) => id === watched.id);
  if (stream === undefined) return [];
  const { phase } = state;
  const incoming =
    phase.kind === 'switching'
      ? [phase.incoming]
      : phase.kind === 'starting' || phase.kind === 'holding'
        ? phase.attempts
        : [];
  const role =
    'shown' in phase && phase.shown?.streamId === watched.id
      ? 'shown'
      : incoming.some(({ streamId }) => streamId === watched.id)
        ? 'incoming'
        : 'standby';
  const fault = measured.pictureFault(watched.id);
  return [
    {
      streamId: watched.id,
      siteName: stream.siteName,
      quality: stream.quality,
      state: watched.standing.kind,
      role,
      words: [
        isUnused(state, watched)
          ? 'not watched while it is not needed'
          : standingWords(watched.standing, measured),
        ...failureWords(watched, stream, measured),
        ...(fault === null ? [] : [`picture ${faultWords(fault, streams, measured)}`]),
      ].join('; '),
      lightWatch: stream.watch === 'light' ? lightWatchWords() : null,
    },
  ];
}

/** The gateway's own words for a stream's evidence, where they say more than its cause. */
function failureWords(
  { id, standing }: WatchedStream,
  { siteName }: Stream,
  { gatewayFailure }: Measurements,
): string[] {
  const causes = causesAgainst(standing);
  const failure = gatewayFailure(id);
  if (causes.length === 0 || failure === null) return [];
  const words = furtherWords(failure, siteName, failure.cause);
  if (words === undefined) return [];
  return [causes.includes(failure.cause) ? words : `now: ${words}`];
}

function causesAgainst(standing: Standing): readonly EvidenceCause[] {
  switch (standing.kind) {
    case 'suspect':
      return standing.evidence.map(({ cause }) => cause);
    case 'lost':
      return [standing.cause];
    default:
      return [];
  }
}

/** "frozen since 14:03:12, Backup’s copy moves". */
function faultWords(
  { verdict, sinceMs, besideStreamId }: PictureFault,
  streams: readonly Stream[],
  { clockTime }: Measurements,
): string {
  const does = verdict === 'black' ? 'is not' : 'moves';
  return `${verdict} since ${clockTime(sinceMs)}, ${siteName(streams, besideStreamId)}’s copy ${does}`;
}

function standingWords(standing: Standing, { nowMs, clockTime }: Measurements): string {
  switch (standing.kind) {
    case 'unknown':
      return 'not known yet';
    case 'healthy':
      return 'answers, live edge moving';
    case 'suspect': {
      const { cause, sinceMs } = firstEvidence(standing.evidence);
      return `since ${clockTime(sinceMs)}: ${causeWords(cause)}; not certain yet`;
    }
    case 'lost':
      return `since ${clockTime(standing.firstEvidenceAtMs)}: ${causeWords(standing.cause)}`;
    case 'validating':
      return `back, steady for ${Math.floor((nowMs - standing.sinceMs) / 1000)} s`;
  }
}
