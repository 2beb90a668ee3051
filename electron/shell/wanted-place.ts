import { isDeepStrictEqual } from 'node:util';
import { type Clock, systemClock } from '../host/clock.ts';
import type { Rectangle, WindowPlace } from './window-placement.ts';

/** A place that lasts for this long is wanted: some desktops move windows right before they tell of other monitors. Milliseconds. */
export const LASTING_MS = 500;
/** How long a desktop may go on moving windows after it has told of other monitors. Milliseconds. */
export const UNREST_MS = 2000;

export interface WantedPlaceOptions {
  /** Where it was the last time; `null` for a window that was never open. */
  readonly wanted: WindowPlace | null;
  /** Puts the window to the wanted place, or into the monitors of today. */
  readonly put: (wanted: WindowPlace) => void;
  /** Where the window is, when it is neither maximised nor in full screen. */
  readonly where: () => Rectangle;
  /** Told when the operator wants it elsewhere. */
  readonly onWanted: (wanted: WindowPlace) => void;
  readonly clock?: Clock;
}

/**
 * The place that the operator gave a window, told apart from where it has to be for as long as the monitors are others. It is taken
 * again when they allow it.
 */
export class WantedPlace {
  private readonly options: WantedPlaceOptions;
  private readonly clock: Clock;
  private wanted: WindowPlace | null;
  /** Where the window is for want of its place; `null` when it is where it is wanted. */
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

  /** The window is somewhere else, or in another state. */
  moved(place: WindowPlace): void {
    if (this.desktop === 'moves-windows' && this.wanted !== null) return;
    this.forgetPending();
    const isMakeshift = this.wanted !== null && isDeepStrictEqual(place.bounds, this.makeshift);
    this.pending = isMakeshift && this.wanted !== null ? { ...this.wanted, state: place.state } : place;
    this.stopPending = this.clock.schedule(() => this.settle(), LASTING_MS);
  }

  /** What it is now is what is wanted: nothing more comes. */
  settle(): void {
    const pending = this.pending;
    this.forgetPending();
    if (pending === null || isDeepStrictEqual(pending, this.wanted)) return;
    if (!isDeepStrictEqual(pending.bounds, this.wanted?.bounds)) this.makeshift = null;
    this.wanted = pending;
    this.options.onWanted(pending);
  }

  /** Another resolution, one more monitor, or one fewer. */
  monitorsChanged(): void {
    this.forgetPending();
    this.stopUnrest();
    this.desktop = 'moves-windows';
    this.put();
    this.stopUnrest = this.clock.schedule(() => {
      // The desktop may have had the last word.
      this.put();
      this.stopUnrest = this.clock.schedule(() => this.rest(), UNREST_MS / 2);
    }, UNREST_MS / 2);
  }

  /** To the wanted place, as far as that can be had. */
  put(): void {
    if (this.wanted !== null) this.options.put(this.wanted);
  }

  /** The window was opened elsewhere than it is wanted. */
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
