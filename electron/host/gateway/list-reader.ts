import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import { GatewayFailure } from './gateway-failure.ts';
import {
  type FromListWorker,
  type ListErrand,
  type ListWorkerData,
  type ToListWorker,
  workOnList,
} from './list-work.ts';
import { SNIFF_BYTES, startsAsPlaylist } from './media-type.ts';
import { Places } from './places.ts';
import type { PlaylistOrigin } from './playlist-rebuild.ts';
import type { SiteBases } from './site-bases.ts';
import { PLAYLIST_LIMIT, type SiteBody } from './site-body.ts';

/** A list of at most this size and this many lines is read on the host's own thread: some 8 ms of work, in turns of 4 ms. */
const DIRECT_BYTES = 65_536;
const DIRECT_LINES = 400;

/** How long a worker may take for a piece, or for what is left when all pieces are there: ten times the dearest list. Milliseconds. */
const WORK_MS = 5000;
/** Large lists of a site that are read at a time; one takes up to some 20 MB of memory. The others wait. */
const LISTS_AT_A_TIME = 8;
/** The last resort: V8 may end the whole process where a worker needs more than its limit in one go. */
const WORKER_MEMORY_MB = 512;

/** What is needed of a worker thread. */
export type ListWorker = Pick<Worker, 'postMessage' | 'terminate' | 'unref' | 'on'>;
export type StartListWorker = (data: ListWorkerData) => ListWorker;

/** A list that a worker is at work on. */
interface Begun {
  readonly taken: () => void;
  readonly done: (text: string) => void;
  readonly failed: (error: Error) => void;
  stopTimer: () => void;
}

interface Crew {
  readonly worker: ListWorker;
  readonly lists: Map<number, Begun>;
}

/**
 * Reads the playlists of one site. Large ones are read by a worker thread of the site's own, so that it uses up nobody else's
 * time, and which is ended when it takes too long or too much memory.
 */
export class ListReader {
  private readonly bases: SiteBases;
  private readonly clock: Clock;
  private readonly startWorker: StartListWorker;
  /** Started by the first large list. */
  private crew: Crew | null = null;
  private lastList = 0;
  private readonly places = new Places(LISTS_AT_A_TIME);

  constructor(bases: SiteBases, clock: Clock, startWorker: StartListWorker = startListWorker) {
    this.bases = bases;
    this.clock = clock;
    this.startWorker = startWorker;
  }

  /**
   * The playlist for the page.
   * @throws GatewayFailure `too-large`; `not-media` where it takes too long; `cancelled` by {@link dispose}; the signal's reason; and
   *   whatever the body fails with
   */
  async read(body: SiteBody, origin: Omit<PlaylistOrigin, 'bases'>): Promise<string> {
    const { siteName, asked, answered, token, signal } = origin;
    const errand: ListErrand = {
      siteName,
      asked: this.bases.plainTarget(asked),
      answered: this.bases.plainTarget(answered),
      token,
      isPlaylist: startsAsPlaylist(await body.peek(SNIFF_BYTES)),
    };
    const beginning = await body.peek(DIRECT_BYTES);
    const isSmall = beginning.length < DIRECT_BYTES && hasAtMostLines(beginning, DIRECT_LINES);
    if (isSmall) return workOnList(piecesOf(body), errand, this.bases, signal);
    await this.places.take(signal);
    try {
      return await this.readApart(piecesOf(body), errand, signal);
    } finally {
      this.places.give();
    }
  }

  /** Ends the worker; lists that are read are given up. */
  dispose(): void {
    if (this.crew !== null) this.end(this.crew, () => new GatewayFailure('cancelled', 'the site was closed'));
  }

  private async readApart(
    pieces: AsyncIterable<Uint8Array>,
    errand: ListErrand,
    signal: AbortSignal,
  ): Promise<string> {
    const crew = this.crew ?? this.start(errand.siteName);
    const list = this.lastList + 1;
    this.lastList = list;
    const tell = (message: ToListWorker, transfer: ArrayBuffer[] = []): void =>
      crew.worker.postMessage(message, transfer);
    let onTaken = (): void => {};
    let abort = (): void => {};
    const finished = new Promise<string>((resolve, reject) => {
      abort = () => reject(signal.reason);
      crew.lists.set(list, {
        taken: () => onTaken(),
        done: resolve,
        failed: reject,
        stopTimer: () => {},
      });
    });
    // The worker may be lost while a piece is waited for.
    finished.catch(() => {});
    signal.addEventListener('abort', abort, { once: true });
    try {
      tell({ kind: 'begin', list, errand });
      for await (const piece of pieces) {
        const taken = new Promise<void>((resolve) => {
          onTaken = resolve;
        });
        // A copy of its own: Node's buffer may be part of a larger one that others still use.
        const bytes = new Uint8Array(piece);
        tell({ kind: 'piece', list, bytes }, [bytes.buffer]);
        this.limitWork(crew, list, errand.siteName);
        await Promise.race([taken, finished]);
        crew.lists.get(list)?.stopTimer();
      }
      tell({ kind: 'end', list });
      this.limitWork(crew, list, errand.siteName);
      return await finished;
    } catch (error) {
      tell({ kind: 'drop', list });
      this.limitWork(crew, list, errand.siteName);
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** A worker that does not answer for too long is ended, though nobody may wait for the list any more. */
  private limitWork(crew: Crew, list: number, siteName: string): void {
    const begun = crew.lists.get(list);
    if (begun === undefined) return;
    begun.stopTimer();
    begun.stopTimer = this.clock.schedule(() => {
      this.end(
        crew,
        () => new GatewayFailure('not-media', `the playlist of ${siteName} takes too long to read`),
      );
    }, WORK_MS);
  }

  private start(siteName: string): Crew {
    const worker = this.startWorker({ site: this.bases.site });
    const crew: Crew = { worker, lists: new Map() };
    this.crew = crew;
    worker.unref();
    worker.on('message', (message: FromListWorker) => {
      const begun = crew.lists.get(message.list);
      if (begun === undefined) return;
      if (message.kind === 'taken') {
        begun.taken();
        return;
      }
      crew.lists.delete(message.list);
      begun.stopTimer();
      if (message.kind === 'done') begun.done(message.text);
      else begun.failed(errorOf(message));
    });
    const lost = (): void =>
      this.end(
        crew,
        () => new GatewayFailure('not-media', `the playlist of ${siteName} takes too much to read`),
      );
    worker.on('error', lost);
    worker.on('exit', lost);
    return crew;
  }

  private end(crew: Crew, why: () => GatewayFailure): void {
    if (this.crew === crew) this.crew = null;
    for (const { stopTimer, failed } of crew.lists.values()) {
      stopTimer();
      failed(why());
    }
    crew.lists.clear();
    void crew.worker.terminate();
  }
}

/** Beside this file, as it was written or as it was built. */
function startListWorker(workerData: ListWorkerData): ListWorker {
  const file = import.meta.url.endsWith('.ts') ? './list-worker.ts' : './list-worker.js';
  return new Worker(new URL(file, import.meta.url), {
    workerData,
    // It needs none of the secrets in it.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: WORKER_MEMORY_MB },
  });
}

async function* piecesOf(body: SiteBody): AsyncGenerator<Buffer> {
  for (let piece = await body.next(PLAYLIST_LIMIT); piece !== null; piece = await body.next(PLAYLIST_LIMIT))
    yield piece;
}

function hasAtMostLines(bytes: Uint8Array, most: number): boolean {
  let ends = 0;
  for (const byte of bytes) if (byte === LINE_FEED || byte === CARRIAGE_RETURN) ends += 1;
  return ends <= most;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

function errorOf({ reason, message }: Extract<FromListWorker, { kind: 'failed' }>): Error {
  return reason === null ? new Error(message) : new GatewayFailure(reason, message);
}
