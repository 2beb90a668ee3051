import { EMPTY_SNAPSHOT, type TileSnapshot } from '../stores/tile-snapshot.ts';
import { notifyAll } from '../window/isolated.ts';
import type { WallRedraw } from '../window/wall-redraw.ts';

/** The snapshot of one tile. It is made anew on request, or for its listeners when the whole wall is redrawn. */
export class SnapshotStore {
  private current: TileSnapshot = EMPTY_SNAPSHOT;
  /** `current` as text, to find out whether the next one differs. */
  private currentText = JSON.stringify(EMPTY_SNAPSHOT);
  /** Whether something happened since `current` was made. Without listeners it is made anew only on request. */
  private stale = false;
  /** Whether `current` was made on request, and the listeners have not been called for it yet. */
  private isUnannounced = false;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly describe: () => TileSnapshot,
    private readonly redraw: Pick<WallRedraw, 'request'>,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Returns the same object while nothing in it changes. */
  readonly snapshot = (): TileSnapshot => {
    // Listeners are not called here: the caller may be a component that is being drawn.
    if (this.stale && this.renew()) this.isUnannounced = this.listeners.size > 0;
    return this.current;
  };

  /** The snapshot as it was last made, whatever has happened since. */
  get made(): TileSnapshot {
    return this.current;
  }

  /** Something happened that can wait for the next {@link publish}, or for the next request. */
  outdate(): void {
    this.stale = true;
  }

  /** Calls the listeners in the wall's next redraw, if the snapshot has changed by then. */
  publish(): void {
    this.stale = true;
    if (this.listeners.size > 0) this.redraw.request(this.notify);
  }

  private readonly notify = (): void => {
    if (this.stale && this.renew()) this.isUnannounced = true;
    if (!this.isUnannounced) return;
    this.isUnannounced = false;
    notifyAll(this.listeners);
  };

  /** Makes the snapshot anew. @returns whether that changed it */
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
