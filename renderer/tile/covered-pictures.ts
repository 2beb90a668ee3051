import type { Clock } from '../../shared/clock.ts';
import type { Disposals } from '../window/disposals.ts';

/** The longest time that a picture stays under the raised one, ms. */
const LONGEST_RETIRING_MS = 1000;

/**
 * What the raised picture covers: the player of the picture that was left, and a held picture, as a still or in its player. All
 * of it is freed once the raised picture has shown that it runs (rule 6).
 */
export class CoveredPictures {
  private retiring: number | null = null;
  /** A held picture that could not be copied: it stays in its player, as a third one, until it is covered. */
  private heldPlayerId: number | null = null;
  private endWait: () => void = () => {};

  constructor(
    private readonly deps: {
      readonly clock: Clock;
      readonly disposals: Disposals;
      readonly disposePlayer: (playerId: number) => void;
      readonly dropStill: () => void;
    },
  ) {}

  /** Whether the player is only covered: its reports do not count any more. */
  has(playerId: number): boolean {
    return playerId === this.retiring || playerId === this.heldPlayerId;
  }

  /** Keeps the old picture underneath until the new one has shown that it runs. */
  retire(playerId: number | null): void {
    this.freeRetiring();
    this.retiring = playerId;
    this.endWait = this.deps.clock.after(LONGEST_RETIRING_MS, () => this.free());
  }

  freeRetiring(): void {
    this.endWait();
    if (this.retiring !== null) this.disposePlayer(this.retiring);
  }

  /** The held picture covers the tile from now on, so nothing that was to be freed may be freed in its place. */
  hold(playerId: number, kept: 'as-still' | 'in-player'): void {
    const formerId = this.heldPlayerId;
    this.heldPlayerId = null;
    if (kept === 'in-player') this.heldPlayerId = playerId;
    else this.disposePlayer(playerId);
    if (formerId !== null) this.disposePlayer(formerId);
  }

  /** Frees all that the raised picture covers, in turn with other tiles. */
  freeSoon(): void {
    this.endWait();
    this.endWait = this.deps.disposals.soon(() => this.free());
  }

  /** The player was disposed. */
  forget(playerId: number): void {
    if (this.retiring === playerId) this.retiring = null;
  }

  /** Forgets all players: their owner disposes of them. */
  clear(): void {
    this.endWait();
    this.retiring = null;
    this.heldPlayerId = null;
  }

  private free(): void {
    this.freeRetiring();
    if (this.heldPlayerId !== null) this.disposePlayer(this.heldPlayerId);
    this.heldPlayerId = null;
    this.deps.dropStill();
  }

  private disposePlayer(playerId: number): void {
    this.deps.disposePlayer(playerId);
    this.forget(playerId);
  }
}
