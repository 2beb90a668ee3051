import type { Stream } from '../../shared/config.ts';
import { isAlive } from '../../shared/selector/standing.ts';
import type { Standing, TileState } from '../../shared/selector/types.ts';
import type { Attention } from '../playback/attention.ts';
import { StreamWatch, type WatchReport } from '../playback/stream-watch.ts';
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
  sync(state: TileState): void {
    const { streams } = state;
    if (streams.length === this.watches.size && streams.every(({ id }) => this.watches.has(id))) return;
    const watched = streams.map(({ id }) => id);
    for (const id of [...this.watches.keys()]) if (!watched.includes(id)) this.end(id);
    for (const { id, standing } of streams) {
      const stream = this.deps.find(id);
      if (stream === undefined || this.watches.has(id)) continue;
      const attention = this.attentionTo(id, standing, state);
      this.watches.set(
        id,
        new StreamWatch(stream, this.services, (report) => this.deps.onReport(id, report), attention),
      );
    }
  }

  syncAttention(state: TileState): void {
    for (const { id, standing } of state.streams)
      this.watches.get(id)?.setAttention(this.attentionTo(id, standing, state));
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

  private attentionTo(streamId: string, standing: Standing, state: TileState): Attention {
    const shownId = shownPlayerId(state) === null ? null : shownStreamId(state);
    if (streamId !== shownId && this.isUnused(streamId, state)) return 'unused';
    if (isAlive(standing)) return streamId === shownId ? 'shown' : 'standby';
    const { kind } = state.phase;
    return kind === 'starting' || kind === 'holding' ? 'sought' : 'doubted';
  }

  /**
   * Where watching costs the site much, a quality is left alone as long as the site has the wanted one, that is the first of the
   * site's streams in the selector's order, and that one is not lost.
   */
  private isUnused(streamId: string, { streams, phase }: TileState): boolean {
    if (this.deps.find(streamId)?.watch !== 'light') return false;
    // A player on it is of use.
    if (phase.kind === 'switching' && phase.incoming.streamId === streamId) return false;
    const own = streams.find(({ id }) => id === streamId);
    const wanted = streams.find(({ siteId, leaving }) => siteId === own?.siteId && !leaving);
    return wanted !== undefined && wanted.id !== streamId && wanted.standing.kind !== 'lost';
  }
}
