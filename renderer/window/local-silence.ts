import { type AlarmReport, NO_NETWORK } from '../../shared/alarms/alarm.ts';
import { hearingOf, type ListeningTile } from '../../shared/selector/local-silence.ts';
import { type Clock, isoTimeOf } from '../playback/clock.ts';

/** Silence that is shorter may be a hiccup that all streams share, ms. */
const STANDS_MS = 1000;
/** When the silence is over every tile starts players anew, all at once, and has this long before its picture is missed, ms. */
const RECOVERY_MS = 5000;

type Stage =
  /** Nothing was told yet: an alarm of this window's former life may still stand. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'heard' }
  | { readonly kind: 'silent'; readonly before: 'unknown' | 'heard'; readonly endWait: () => void }
  | { readonly kind: 'told' };

/**
 * Makes one alarm of all tiles that are silent on all sites (behaviour.md rule 10), in place of one for each tile: a
 * workstation whose cable was pulled is one thing to see to.
 */
export class LocalSilence {
  private readonly tiles = new Set<ListeningTile>();
  private stage: Stage = { kind: 'unknown' };
  private recoversUntilMs = 0;

  constructor(
    private readonly deps: {
      readonly clock: Clock;
      readonly alarm: (report: AlarmReport) => void;
      /** Whether the workstation is in any network, as far as its host can tell. */
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

  /** To be called when the state of a tile has changed. */
  update(): void {
    switch (hearingOf(this.tiles)) {
      case 'silent':
        if (this.stage.kind !== 'heard' && this.stage.kind !== 'unknown') return;
        this.stage = {
          kind: 'silent',
          before: this.stage.kind,
          endWait: this.deps.clock.after(STANDS_MS, () => void this.tell()),
        };
        return;
      case 'heard':
        if (this.stage.kind === 'heard') return;
        this.stopWaiting();
        if (this.stage.kind === 'told') this.recoversUntilMs = this.deps.clock.now() + RECOVERY_MS;
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

  /** Whether the silence of a tile is, or was until now, that of all, so that it has no alarm of its own. */
  covers(): boolean {
    const { kind } = this.stage;
    return kind === 'silent' || kind === 'told' || this.deps.clock.now() < this.recoversUntilMs;
  }

  private stopWaiting(): void {
    if (this.stage.kind === 'silent') this.stage.endWait();
  }

  private async tell(): Promise<void> {
    const { stage } = this;
    // Without an answer nothing is said of the network.
    const network = await this.deps.network().catch(() => 'up' as const);
    if (this.stage !== stage) return;
    this.stage = { kind: 'told' };
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
