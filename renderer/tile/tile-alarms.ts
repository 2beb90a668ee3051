import type { AlarmKind, AlarmPlace, AlarmReport } from '../../shared/alarms/alarm.ts';
import { type ChangeCause, type EvidenceCause, isFault } from '../../shared/cause.ts';
import { missingPicture, redundancyOf } from '../../shared/selector/selector.ts';
import type { Change, TileState } from '../../shared/selector/types.ts';
import { type Clock, isoTimeOf } from '../playback/clock.ts';
import { shownStreamId } from './describe-tile.ts';
import type { PictureFault, PictureVerdict } from './picture-comparison.ts';
import { plainStreamId } from './tile-streams.ts';

/**
 * An alarm that lasts is told after its reason has stood for so long, ms: time to see whether it is that of all tiles
 * (rule 10), so that a workstation whose cable was pulled has one alarm and not one for each tile.
 */
const ALARM_PATIENCE_MS = 1500;

/**
 * The alarms of one tile: what it tells of where it stands, each thing once. After its start it tells everything that is
 * known, so that an alarm of its former life ends where its reason has.
 */
export class TileAlarms {
  /** What was told of each alarm since the start: the same is not told twice. */
  private readonly told = new Map<AlarmKind, AlarmReport['transition']>();
  /** Since when the reason of an alarm that is not told yet has stood, monotonic ms. */
  private readonly reasonsFromMs = new Map<AlarmKind, number>();

  constructor(
    private readonly deps: {
      readonly clock: Clock;
      readonly place: () => AlarmPlace;
      readonly tell: (report: AlarmReport) => void;
      /** Whether the silence of this tile is that of all, which have one alarm together (rule 10). */
      readonly isOfAllTiles: () => boolean;
      /** What the gateway said of a stream's failure, where that is more than the cause says. */
      readonly wordsOf: (streamId: string, cause: ChangeCause) => string | undefined;
    },
  ) {}

  /** Nothing counts as told. */
  startAnew(): void {
    this.told.clear();
    this.reasonsFromMs.clear();
  }

  /** Tells where the tile stands: after the start everything that is known, then what changes. */
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
    // One that was never there is told when the tile itself says why.
    const missing = missingVideo(state, this.deps.clock.now() + ALARM_PATIENCE_MS);
    if (missing === null) this.reasonsFromMs.delete('no-video');
    else this.raiseInTime('no-video', missing.streamId, missing.cause, state);
    if (phase.kind !== 'showing') return;
    this.settle('no-video', state);
    if (shownSiteId === state.streams[0]?.siteId) this.settle('changed-over', state);
  }

  /** Whether it was told last that the reason of this alarm is there. */
  isRaised(alarm: AlarmKind): boolean {
    return this.told.get(alarm) === 'raised';
  }

  /** A change of site that nobody asked for. Whether the tile is back on its first site is told like the rest. */
  changed({ from, to, cause, decidedAtMs }: Change, state: TileState): void {
    if (from === null || !isFault(cause) || siteOf(state, from) === siteOf(state, to)) return;
    this.told.set('changed-over', 'raised');
    this.deps.tell({
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

  /** @param faults what comparison has against the tile's streams now (rule 13) */
  judged(
    { verdict, streamId }: PictureVerdict,
    faults: readonly PictureFault['verdict'][],
    state: TileState,
  ): void {
    if (verdict !== 'moving') this.raise(verdict, streamId, verdict, state);
    for (const kind of ['frozen', 'black'] as const) if (!faults.includes(kind)) this.settle(kind, state);
  }

  /** When its reason has stood for long enough and is not that of all tiles. */
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
    this.told.set(alarm, 'raised');
    this.deps.tell({
      transition: 'raised',
      alarm,
      ...this.now(state),
      stream: plainStreamId(streamId),
      cause,
      words: this.deps.wordsOf(streamId, cause),
    });
  }

  private settle(alarm: AlarmKind, state: TileState): void {
    if (this.told.get(alarm) === 'returned') return;
    this.told.set(alarm, 'returned');
    this.deps.tell({ transition: 'returned', alarm, ...this.now(state) });
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
 * The stream whose loss left the tile without a moving picture, held or never shown; `null` while one moves.
 *
 * @param byMs a picture that will be missed by then is missed
 */
function missingVideo(state: TileState, byMs: number): { streamId: string; cause: EvidenceCause } | null {
  const { phase } = state;
  if (phase.kind !== 'holding') return missingPicture(state, byMs)?.[0] ?? null;
  return phase.shown !== null && !phase.shown.stalled
    ? null
    : { streamId: phase.heldStreamId, cause: phase.cause };
}
