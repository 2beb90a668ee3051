import type { AlarmKind, AlarmPlace, AlarmReport } from '../../shared/alarms/alarm.ts';
import { type ChangeCause, type EvidenceCause, isFault } from '../../shared/cause.ts';
import type { Clock } from '../../shared/clock.ts';
import { missingPicture, redundancyOf } from '../../shared/selector/selector.ts';
import type { Change, TileState } from '../../shared/selector/types.ts';
import { isoTimeOf } from '../playback/system-clock.ts';
import { shownStreamId } from './describe-tile.ts';
import type { PictureFault, PictureVerdict } from './picture-comparison.ts';
import { plainStreamId } from './tile-streams.ts';

/**
 * A lasting alarm is raised when its reason has lasted for this long, ms: time to see whether all tiles have the same reason
 * (rule 10). So a workstation whose cable was pulled has one alarm, and not one for each tile.
 */
const ALARM_PATIENCE_MS = 1500;

/**
 * The alarms of one tile. Each alarm is reported once. After its start the tile reports everything that it knows, so that an
 * alarm from before a restart of the window ends when its reason has ended.
 */
export class TileAlarms {
  /** The last reported transition of each alarm since the start: it is not reported twice. */
  private readonly reported = new Map<AlarmKind, AlarmReport['transition']>();
  /** Since when the reason for an alarm that is not reported yet has lasted, monotonic ms. */
  private readonly reasonsFromMs = new Map<AlarmKind, number>();

  constructor(
    private readonly deps: {
      readonly clock: Clock;
      readonly place: () => AlarmPlace;
      readonly report: (report: AlarmReport) => void;
      /** Whether all tiles are silent for the same reason. They have one alarm together (rule 10). */
      readonly isOfAllTiles: () => boolean;
      /** The gateway's words for a stream's failure, where they say more than the cause. */
      readonly wordsOf: (streamId: string, cause: ChangeCause) => string | undefined;
    },
  ) {}

  /** Forgets what was reported. */
  startAnew(): void {
    this.reported.clear();
    this.reasonsFromMs.clear();
  }

  /** Reports the tile's alarms: after the start everything that is known, then the changes. */
  follow(state: TileState): void {
    const { phase } = state;
    if (phase.kind === 'suspended') {
      this.reasonsFromMs.clear();
      return;
    }
    const redundancy = redundancyOf(state);
    const shownId = shownStreamId(state);
    const shownSiteId = shownId === null ? null : siteOf(state, shownId);
    const lost = state.streams.find(
      ({ siteId, standing }) => siteId !== shownSiteId && standing.kind === 'lost',
    );
    if (redundancy === 'none' && lost?.standing.kind === 'lost')
      this.raiseInTime('no-redundancy', lost.id, lost.standing.cause, state);
    else {
      this.reasonsFromMs.delete('no-redundancy');
      if (redundancy === 'ok' || redundancy === 'single') this.settle('no-redundancy', state);
    }
    // The alarm about a first picture that does not come is raised when the tile itself shows the reason.
    const missing = missingVideo(state, this.deps.clock.now() + ALARM_PATIENCE_MS);
    if (missing === null) this.reasonsFromMs.delete('no-video');
    else this.raiseInTime('no-video', missing.streamId, missing.cause, state);
    if (phase.kind !== 'showing') return;
    this.settle('no-video', state);
    if (shownSiteId === state.streams[0]?.siteId) this.settle('changed-over', state);
  }

  /** Whether this alarm was last reported as raised. */
  isRaised(alarm: AlarmKind): boolean {
    return this.reported.get(alarm) === 'raised';
  }

  /** A change of site because of a fault. (`follow` reports the return to the first site.) */
  changed({ from, to, cause, decidedAtMs }: Change, state: TileState): void {
    if (from === null || !isFault(cause) || siteOf(state, from) === siteOf(state, to)) return;
    this.reported.set('changed-over', 'raised');
    this.deps.report({
      transition: 'raised',
      alarm: 'changed-over',
      time: isoTimeOf(this.deps.clock, decidedAtMs),
      place: this.deps.place(),
      stream: plainStreamId(from),
      shown: plainStreamId(to),
      cause,
      words: this.deps.wordsOf(from, cause),
    });
  }

  /** @param faults the faults of the tile's streams that comparison finds now (rule 13) */
  judged(
    { verdict, streamId }: PictureVerdict,
    faults: readonly PictureFault['verdict'][],
    state: TileState,
  ): void {
    if (verdict !== 'moving') this.raise(verdict, streamId, verdict, state);
    for (const kind of ['frozen', 'black'] as const) if (!faults.includes(kind)) this.settle(kind, state);
  }

  /** Raises an alarm when its reason has lasted for long enough, and is not that of all tiles. */
  private raiseInTime(alarm: AlarmKind, streamId: string, cause: EvidenceCause, state: TileState): void {
    if (this.isRaised(alarm)) return;
    if (this.deps.isOfAllTiles()) {
      this.reasonsFromMs.delete(alarm);
      return;
    }
    const nowMs = this.deps.clock.now();
    const fromMs = this.reasonsFromMs.get(alarm) ?? nowMs;
    this.reasonsFromMs.set(alarm, fromMs);
    if (nowMs - fromMs >= ALARM_PATIENCE_MS) this.raise(alarm, streamId, cause, state);
  }

  private raise(alarm: AlarmKind, streamId: string, cause: EvidenceCause, state: TileState): void {
    if (this.isRaised(alarm)) return;
    this.reported.set(alarm, 'raised');
    this.deps.report({
      transition: 'raised',
      alarm,
      ...this.now(state),
      stream: plainStreamId(streamId),
      cause,
      words: this.deps.wordsOf(streamId, cause),
    });
  }

  private settle(alarm: AlarmKind, state: TileState): void {
    if (this.reported.get(alarm) === 'returned') return;
    this.reported.set(alarm, 'returned');
    this.deps.report({ transition: 'returned', alarm, ...this.now(state) });
  }

  private now(state: TileState): Pick<AlarmReport, 'time' | 'place' | 'shown'> {
    const { clock, place } = this.deps;
    const shownId = shownStreamId(state);
    return {
      time: isoTimeOf(clock, clock.now()),
      place: place(),
      shown: shownId === null ? null : plainStreamId(shownId),
    };
  }
}

function siteOf({ streams }: TileState, streamId: string): string | null {
  return streams.find(({ id }) => id === streamId)?.siteId ?? null;
}

/**
 * The stream whose loss left the tile without a moving picture, whether that is held or was never shown; `null` while one moves.
 *
 * @param byMs a first picture that will be missing by then counts as missing
 */
function missingVideo(state: TileState, byMs: number): { streamId: string; cause: EvidenceCause } | null {
  const { phase } = state;
  if (phase.kind !== 'holding') return missingPicture(state, byMs)?.[0] ?? null;
  return phase.shown !== null && !phase.shown.stalled
    ? null
    : { streamId: phase.heldStreamId, cause: phase.cause };
}
