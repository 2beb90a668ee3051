/**
 * Players that share one of hls.js's workers. A worker's messages are told to all of its players, each of which passes over what
 * is not its own: with one worker for all, as hls.js has it, 64 tiles heard 13,700 of them a second for 210 that were sent
 * (traced). A worker takes some megabytes.
 */
const PLAYERS_A_WORKER = 8;

/** Which of hls.js's workers each player of a window uses. hls.js has one for each address that it is told, as long as it is used. */
export class WorkerGroups {
  private readonly players: number[] = [];

  /** @param url of hls.js's worker */
  constructor(private readonly url: string) {}

  /** @returns the address of the player's worker, and what ends its use */
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
