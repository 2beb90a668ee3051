import { type AlarmReport, NO_NETWORK } from '../../shared/alarms/alarm.ts';
import type { Clock } from '../../shared/clock.ts';
import { hearingOf, type ListeningTile } from '../../shared/selector/local-silence.ts';
import { isoTimeOf } from '../playback/system-clock.ts';

/** An alarm is raised when the silence has lasted for this long, ms: a shorter one may be a hiccup of all streams. */
const ALARM_AFTER_MS = 1000;
/** After the silence, a picture is not called missing for this long, ms: all tiles start their players at the same time. */
const RECOVERY_MS = 5000;

type Stage =
  /** Nothing was reported yet: an alarm from before a reload of this window may still be raised. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'heard' }
  | { readonly kind: 'silent'; readonly before: 'unknown' | 'heard'; readonly endWait: () => void }
  | { readonly kind: 'reported' };

/**
 * Makes one alarm of all tiles that are silent on all sites (rule 10), instead of one for each tile: a pulled cable of the
 * workstation is one problem to solve.
 */
export class LocalSilence {
  private readonly tiles = new Set<ListeningTile>();
  private stage: Stage = { kind: 'unknown' };
  private recoversUntilMs = 0;

  constructor(
    private readonly deps: {
      readonly clock: Clock;
      readonly alarm: (report: AlarmReport) => void;
      /** Whether the workstation is in any network, as far as its host knows. */
      readonly network: () => Promise<'up' | 'none'>;
    },
  ) {}

  /** @returns the function that ends it */
  add(tile: ListeningTile): () => void {
    this.tiles.add(tile);
    return () => {
      this.tiles.delete(tile);
      this.update();
    };
  }

  /** Call this when the state of a tile has changed. */
  update(): void {
    switch (hearingOf(this.tiles)) {
      case 'silent':
        if (this.stage.kind !== 'heard' && this.stage.kind !== 'unknown') return;
        this.stage = {
          kind: 'silent',
          before: this.stage.kind,
          endWait: this.deps.clock.after(ALARM_AFTER_MS, () => void this.raise()),
        };
        return;
      case 'heard':
        if (this.stage.kind === 'heard') return;
        this.stopWaiting();
        if (this.stage.kind === 'reported') this.recoversUntilMs = this.deps.clock.now() + RECOVERY_MS;
        if (this.stage.kind !== 'silent' || this.stage.before === 'unknown')
          this.deps.alarm({ transition: 'returned', ...this.ofTheWindow() });
        this.stage = { kind: 'heard' };
        return;
      case 'unknown':
        if (this.stage.kind !== 'silent') return;
        this.stopWaiting();
        this.stage = { kind: 'unknown' };
    }
  }

  /** Whether a tile is silent, or was until a moment ago, because all tiles are. Then it has no alarm of its own. */
  covers(): boolean {
    const { kind } = this.stage;
    return kind === 'silent' || kind === 'reported' || this.deps.clock.now() < this.recoversUntilMs;
  }

  private stopWaiting(): void {
    if (this.stage.kind === 'silent') this.stage.endWait();
  }

  private async raise(): Promise<void> {
    const { stage } = this;
    // Without an answer nothing is said about the network.
    const network = await this.deps.network().catch(() => 'up' as const);
    if (this.stage !== stage) return;
    this.stage = { kind: 'reported' };
    this.deps.alarm({
      transition: 'raised',
      ...this.ofTheWindow(),
      stream: null,
      cause: network === 'none' ? NO_NETWORK : null,
    });
  }

  private ofTheWindow(): Pick<AlarmReport, 'time' | 'place' | 'shown'> & { readonly alarm: 'local-network' } {
    const { clock } = this.deps;
    return { alarm: 'local-network', time: isoTimeOf(clock, clock.now()), place: null, shown: null };
  }
}
