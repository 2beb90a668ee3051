import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../shared/clock.ts';
import { systemClock } from '../host/system-clock.ts';
import type { Rectangle, WindowPlace } from './window-placement.ts';

/**
 * A place that lasts for this long is the operator's wish: some desktops move windows right before they report other
 * monitors. Milliseconds.
 */
export const LASTING_MS = 500;
/** Time for which a desktop may go on moving windows after it has reported other monitors. Milliseconds. */
export const UNREST_MS = 2000;

export interface WantedPlaceOptions {
  /** The last place; `null` for a window that was never open. */
  readonly wanted: WindowPlace | null;
  /** Moves the window to the wanted place, or into the present monitors. */
  readonly put: (wanted: WindowPlace) => void;
  /** The window's rectangle when it is neither maximised nor in full screen. */
  readonly where: () => Rectangle;
  /** Called when the operator wants it elsewhere. */
  readonly onWanted: (wanted: WindowPlace) => void;
  readonly clock?: Clock;
}

/**
 * The place that the operator gave a window. It is kept apart from the place to which other monitors force the window,
 * and used again when they allow it.
 */
export class WantedPlace {
  private readonly options: WantedPlaceOptions;
  private readonly clock: Clock;
  private wanted: WindowPlace | null;
  /** Where the window is as long as it cannot be at its wanted place; `null` when it is there. */
  private makeshift: Rectangle | null = null;
  private pending: WindowPlace | null = null;
  private stopPending = (): void => {};
  private stopUnrest = (): void => {};
  private desktop: 'rests' | 'moves-windows' = 'rests';

  constructor(options: WantedPlaceOptions) {
    this.options = options;
    this.clock = options.clock ?? systemClock;
    this.wanted = options.wanted;
  }

  /** Called when the window was moved or changed its state. */
  moved(place: WindowPlace): void {
    if (this.desktop === 'moves-windows' && this.wanted !== null) return;
    this.forgetPending();
    const isMakeshift = this.wanted !== null && isDeepStrictEqual(place.bounds, this.makeshift);
    this.pending = isMakeshift && this.wanted !== null ? { ...this.wanted, state: place.state } : place;
    this.stopPending = this.clock.after(LASTING_MS, () => this.settle());
  }

  /** The present place becomes the wanted one: no more moves will follow. */
  settle(): void {
    const pending = this.pending;
    this.forgetPending();
    if (pending === null || isDeepStrictEqual(pending, this.wanted)) return;
    if (!isDeepStrictEqual(pending.bounds, this.wanted?.bounds)) this.makeshift = null;
    this.wanted = pending;
    this.options.onWanted(pending);
  }

  /** Called for another resolution, one more monitor, or one fewer. */
  monitorsChanged(): void {
    this.forgetPending();
    this.stopUnrest();
    this.desktop = 'moves-windows';
    this.put();
    this.stopUnrest = this.clock.after(UNREST_MS / 2, () => {
      // The desktop may have moved the window last.
      this.put();
      this.stopUnrest = this.clock.after(UNREST_MS / 2, () => this.rest());
    });
  }

  /** Moves the window to its wanted place, as far as the monitors allow. */
  put(): void {
    if (this.wanted !== null) this.options.put(this.wanted);
  }

  /** Called when the window was opened elsewhere than it is wanted. */
  openedIn(bounds: Rectangle): void {
    this.makeshift = bounds;
  }

  dispose(): void {
    this.forgetPending();
    this.stopUnrest();
  }

  private rest(): void {
    this.desktop = 'rests';
    this.makeshift = this.options.where();
  }

  private forgetPending(): void {
    this.stopPending();
    this.pending = null;
  }
}
