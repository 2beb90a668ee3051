/**
 * Players that share one worker of hls.js. All players of a worker receive all of its messages, and ignore those that are not
 * their own. With one worker for all, as hls.js has it, 64 tiles received 13,700 messages a second where 210 were sent
 * (traced). Each worker needs some megabytes.
 */
const PLAYERS_A_WORKER = 8;

/** Assigns a worker of hls.js to each player of a window. hls.js has one worker for each worker address that is in use. */
export class WorkerGroups {
  private readonly players: number[] = [];

  /** @param url address of hls.js's worker */
  constructor(private readonly url: string) {}

  /** @returns the address of the player's worker, and the function that ends its use */
  join(): { readonly workerPath: string; readonly leave: () => void } {
    const free = this.players.findIndex((count) => count < PLAYERS_A_WORKER);
    const group = free === -1 ? this.players.length : free;
    this.players[group] = (this.players[group] ?? 0) + 1;
    let left = false;
    const leave = (): void => {
      if (left) return;
      left = true;
      this.players[group] = (this.players[group] ?? 1) - 1;
    };
    return { workerPath: `${this.url}#${group}`, leave };
  }
}
