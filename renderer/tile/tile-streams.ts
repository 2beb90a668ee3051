import {
  type Camera,
  type PublicConfig,
  type Quality,
  type Stream,
  streamsOf,
} from '../../shared/config/config.ts';

/** What an edit of the configuration changed in a tile's streams. */
export interface StreamsChange {
  /** Streams were added, removed, moved or reordered: the selector has to plan anew. */
  readonly replan: boolean;
  /** Streams that stay, but are watched in another way. */
  readonly watchAnew: readonly string[];
  /** Streams that stay, but play another variant of their multivariant playlist. */
  readonly otherVariant: readonly Stream[];
}

/**
 * A tile's streams over all edits. A stream with a new address or path is another stream with another id (`north/main`, then
 * `north/main#2`), so that the old picture can stay until the new one is there. A stream that is being left keeps its name for as
 * long as it is needed.
 */
export class TileStreams {
  private planned: readonly Stream[];
  private former: readonly Stream[] = [];
  /** The newest stream of each plain id. Removed ones are kept: they may come back. */
  private readonly newest = new Map<string, { readonly stream: Stream; readonly generation: number }>();

  constructor(config: PublicConfig, camera: Camera, wanted: Quality) {
    this.planned = this.identified(streamsOf(config, camera, wanted));
  }

  /** In order of priority. */
  get inOrder(): readonly Stream[] {
    return this.planned;
  }

  /** The planned streams, then those that are being left. */
  get all(): readonly Stream[] {
    return [...this.planned, ...this.former];
  }

  find(id: string): Stream | undefined {
    return this.all.find((stream) => stream.id === id);
  }

  /** @param needed ids of streams that are still on the screen, or whose names are still needed */
  update(
    config: PublicConfig,
    camera: Camera,
    wanted: Quality,
    needed: readonly (string | null)[],
  ): StreamsChange {
    const before = this.planned;
    this.planned = this.identified(streamsOf(config, camera, wanted));
    const ids = this.planned.map(({ id }) => id);
    this.former = [...before, ...this.former].filter(({ id }) => !ids.includes(id) && needed.includes(id));
    const kept = this.planned.flatMap((stream) => {
      const old = before.find(({ id }) => id === stream.id);
      return old === undefined ? [] : [{ stream, old }];
    });
    return {
      replan: ranking(this.planned) !== ranking(before),
      watchAnew: kept
        .filter(
          ({ stream, old }) => stream.watchIntervalMs !== old.watchIntervalMs || stream.watch !== old.watch,
        )
        .map(({ stream }) => stream.id),
      otherVariant: kept
        .filter(({ stream, old }) => stream.variant !== old.variant)
        .map(({ stream }) => stream),
    };
  }

  private identified(streams: readonly Stream[]): readonly Stream[] {
    return streams.map((stream) => {
      const known = this.newest.get(stream.id);
      const same = known?.stream.route === stream.route && known.stream.path === stream.path;
      const generation = known === undefined ? 1 : known.generation + (same ? 0 : 1);
      this.newest.set(stream.id, { stream, generation });
      return generation === 1 ? stream : { ...stream, id: `${stream.id}#${generation}` };
    });
  }
}

/** Everything in the streams that the selector depends on. */
function ranking(streams: readonly Stream[]): string {
  return JSON.stringify(
    streams.map(({ id, maintenance = false, watch = 'full' }) => [id, maintenance, watch]),
  );
}

/** A stream's id as people and the journal know it. */
export function plainStreamId(id: string): string {
  return id.replace(/#\d+$/, '');
}
