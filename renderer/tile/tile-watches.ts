import type { Stream } from '../../shared/config/config.ts';
import { isUnused } from '../../shared/selector/readings.ts';
import { isAlive } from '../../shared/selector/standing.ts';
import type { TileState, WatchedStream } from '../../shared/selector/types.ts';
import type { Attention } from '../playback/attention.ts';
import { StreamWatch, type WatchReport } from '../playback/stream-watch.ts';
import { shownPlayerId, shownStreamId } from './describe-tile.ts';

/** The watches of one tile: one for each stream that its selector needs (rule 3). */
export class TileWatches {
  private readonly watches = new Map<string, StreamWatch>();

  constructor(
    private readonly services: ConstructorParameters<typeof StreamWatch>[1],
    private readonly deps: {
      readonly find: (streamId: string) => Stream | undefined;
      readonly onReport: (streamId: string, report: WatchReport) => void;
      /** The stream is not watched any more, or is watched anew: earlier reports about it do not count. */
      readonly onEnded: (streamId: string) => void;
    },
  ) {}

  get(streamId: string): StreamWatch | undefined {
    return this.watches.get(streamId);
  }

  /** Watches all streams that the selector needs; a removed stream as well, while it is still shown. */
  sync(state: TileState): void {
    const { streams } = state;
    if (streams.length === this.watches.size && streams.every(({ id }) => this.watches.has(id))) return;
    const ids = streams.map(({ id }) => id);
    for (const id of [...this.watches.keys()]) if (!ids.includes(id)) this.end(id);
    for (const watched of streams) {
      const stream = this.deps.find(watched.id);
      if (stream === undefined || this.watches.has(watched.id)) continue;
      const attention = this.attentionTo(watched, state);
      this.watches.set(
        watched.id,
        new StreamWatch(stream, this.services, (report) => this.deps.onReport(watched.id, report), attention),
      );
    }
  }

  syncAttention(state: TileState): void {
    for (const stream of state.streams)
      this.watches.get(stream.id)?.setAttention(this.attentionTo(stream, state));
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

  private attentionTo(stream: WatchedStream, state: TileState): Attention {
    const shownId = shownPlayerId(state) === null ? null : shownStreamId(state);
    if (isUnused(state, stream)) return 'unused';
    if (isAlive(stream.standing)) return stream.id === shownId ? 'shown' : 'standby';
    const { kind } = state.phase;
    return kind === 'starting' || kind === 'holding' ? 'sought' : 'doubted';
  }
}
