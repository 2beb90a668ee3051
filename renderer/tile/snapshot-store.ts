import { EMPTY_SNAPSHOT, type TileSnapshot } from '../stores/tile-snapshot.ts';
import { tellAll } from '../window/isolated.ts';
import type { WallRedraw } from '../window/wall-redraw.ts';

/** The snapshot of one tile, made anew when it is asked for or told to those who listen, with those of the other tiles. */
export class SnapshotStore {
  private current: TileSnapshot = EMPTY_SNAPSHOT;
  /** `current` as text, to tell whether the next one says anything else. */
  private currentText = JSON.stringify(EMPTY_SNAPSHOT);
  /** Something happened since `current` was made. Without listeners it is made anew only when it is asked for. */
  private stale = false;
  /** `current` was made because somebody asked: those who listen do not know of it yet. */
  private untold = false;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly describe: () => TileSnapshot,
    private readonly redraw: Pick<WallRedraw, 'request'>,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The same object for as long as nothing in it changed. */
  readonly snapshot = (): TileSnapshot => {
    // Not told here: who asks may be a component that is being drawn.
    if (this.stale && this.renew()) this.untold = this.listeners.size > 0;
    return this.current;
  };

  /** As it was made last, whatever happened since. */
  get made(): TileSnapshot {
    return this.current;
  }

  /** What happened can wait for the next {@link publish}, unless somebody asks. */
  outdate(): void {
    this.stale = true;
  }

  /** Tells those who listen, in the wall's next redraw, if it has changed by then. */
  publish(): void {
    this.stale = true;
    if (this.listeners.size > 0) this.redraw.request(this.tell);
  }

  private readonly tell = (): void => {
    if (this.stale && this.renew()) this.untold = true;
    if (!this.untold) return;
    this.untold = false;
    tellAll(this.listeners);
  };

  /** Brings the snapshot up to date; tells whether that changed it. */
  private renew(): boolean {
    this.stale = false;
    const next = this.describe();
    const text = JSON.stringify(next);
    if (text === this.currentText) return false;
    this.current = next;
    this.currentText = text;
    return true;
  }
}
