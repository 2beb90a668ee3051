import type { Stream } from '../../shared/config.ts';
import { isAlive } from '../../shared/selector/standing.ts';
import type { TileState } from '../../shared/selector/types.ts';
import { type Attention, StreamWatch, type WatchReport } from '../playback/stream-watch.ts';
import { shownPlayerId, shownStreamId } from './describe-tile.ts';

/** The watches of one tile: one for each stream that its selector goes by (rule 3). */
export class TileWatches {
  private readonly watches = new Map<string, StreamWatch>();

  constructor(
    private readonly services: ConstructorParameters<typeof StreamWatch>[1],
    private readonly deps: {
      readonly find: (streamId: string) => Stream | undefined;
      readonly onReport: (streamId: string, report: WatchReport) => void;
      /** The stream is watched no more, or from its beginning: what was told of it counts no more. */
      readonly onEnded: (streamId: string) => void;
    },
  ) {}

  get(streamId: string): StreamWatch | undefined {
    return this.watches.get(streamId);
  }

  /** Watches all that the selector goes by: a removed stream for as long as it is still shown, too. */
  sync({ streams }: TileState): void {
    if (streams.length === this.watches.size && streams.every(({ id }) => this.watches.has(id))) return;
    const watched = streams.map(({ id }) => id);
    for (const id of [...this.watches.keys()]) if (!watched.includes(id)) this.end(id);
    for (const id of watched) {
      const stream = this.deps.find(id);
      if (stream === undefined || this.watches.has(id)) continue;
      this.watches.set(
        id,
        new StreamWatch(stream, this.services, (report) => this.deps.onReport(id, report)),
      );
    }
  }

  syncAttention(state: TileState): void {
    const shownId = shownPlayerId(state) === null ? null : shownStreamId(state);
    const { kind } = state.phase;
    const searching = kind === 'starting' || kind === 'holding';
    for (const { id, standing } of state.streams) {
      const attention: Attention = isAlive(standing)
        ? id === shownId
          ? 'shown'
          : 'standby'
        : searching
          ? 'sought'
          : 'doubted';
      this.watches.get(id)?.setAttention(attention);
    }
  }

  /** After a local fault: time in which nothing could be observed is no evidence. */
  startClocksAnew(): void {
    for (const watch of this.watches.values()) watch.startClocksAnew();
  }

  end(streamId: string): void {
    this.watches.get(streamId)?.dispose();
    this.watches.delete(streamId);
    this.deps.onEnded(streamId);
  }

  disposeAll(): void {
    for (const watch of this.watches.values()) watch.dispose();
    this.watches.clear();
  }
}
