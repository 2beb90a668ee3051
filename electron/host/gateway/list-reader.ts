import { Worker } from 'node:worker_threads';
import type { Clock } from '../../../shared/clock.ts';
import { GatewayFailure } from './failures.ts';
import {
  type FromListWorker,
  type ListJob,
  type ListWorkerData,
  type ToListWorker,
  workOnList,
} from './list-work.ts';
import { SNIFF_BYTES, startsAsPlaylist } from './media-type.ts';
import { Places } from './places.ts';
import type { PlaylistOrigin } from './playlist-rebuild.ts';
import type { SiteBases } from './site-bases.ts';
import { PLAYLIST_LIMIT, type SiteBody } from './site-body.ts';

/**
 * A playlist up to this size and this number of lines is read on the host's own thread: about 8 ms of work, in turns of
 * 4 ms.
 */
const DIRECT_BYTES = 65_536;
const DIRECT_LINES = 400;

/**
 * Time limit of a worker for one piece, and for the rest once all pieces have arrived: ten times the slowest playlist's
 * time. Milliseconds.
 */
const WORK_MS = 5000;
/**
 * Number of a site's large playlists that are read at a time; the others wait. One takes up to about 20 MB of memory.
 */
const LISTS_AT_A_TIME = 8;
/** A last resort: V8 may end the whole process where a worker needs more than its limit in one step. */
const WORKER_MEMORY_MB = 512;

/** The part of a worker thread that is used here. */
export type ListWorker = Pick<Worker, 'postMessage' | 'terminate' | 'unref' | 'on'>;
export type StartListWorker = (data: ListWorkerData) => ListWorker;

/** A playlist that a worker is reading. */
interface Begun {
  readonly taken: () => void;
  readonly done: (text: string) => void;
  readonly failed: (error: Error) => void;
  stopTimer: () => void;
}

interface StartedWorker {
  readonly worker: ListWorker;
  readonly lists: Map<number, Begun>;
}

/**
 * Reads the playlists of one site. Large ones are read by a worker thread of the site's own, so that they take no time
 * from other sites. The worker is ended when it takes too long or too much memory.
 */
export class ListReader {
  private readonly bases: SiteBases;
  private readonly clock: Clock;
  private readonly startWorker: StartListWorker;
  /** Started for the first large playlist. */
  private started: StartedWorker | null = null;
  private lastList = 0;
  private readonly places = new Places(LISTS_AT_A_TIME);

  constructor(bases: SiteBases, clock: Clock, startWorker: StartListWorker = startListWorker) {
    this.bases = bases;
    this.clock = clock;
    this.startWorker = startWorker;
  }

  /**
   * The playlist for the page.
   * @throws GatewayFailure `too-large`; `not-media` where it takes too long; `cancelled` by {@link dispose}; the
   * signal's reason; and whatever the body fails with
   */
  async read(body: SiteBody, origin: Omit<PlaylistOrigin, 'bases'>): Promise<string> {
    const { siteName, asked, answered, token, signal } = origin;
    const job: ListJob = {
      siteName,
      asked: this.bases.plainTarget(asked),
      answered: this.bases.plainTarget(answered),
      token,
      isPlaylist: startsAsPlaylist(await body.peek(SNIFF_BYTES)),
    };
    const beginning = await body.peek(DIRECT_BYTES);
    const isSmall = beginning.length < DIRECT_BYTES && hasAtMostLines(beginning, DIRECT_LINES);
    if (isSmall) return workOnList(piecesOf(body), job, this.bases, signal);
    await this.places.take(signal);
    try {
      return await this.readApart(piecesOf(body), job, signal);
    } finally {
      this.places.give();
    }
  }

  /** Ends the worker; playlists that are being read fail. */
  dispose(): void {
    if (this.started !== null)
      this.end(this.started, () => new GatewayFailure('cancelled', 'the site was closed'));
  }

  private async readApart(
    pieces: AsyncIterable<Uint8Array>,
    job: ListJob,
    signal: AbortSignal,
  ): Promise<string> {
    const started = this.started ?? this.start(job.siteName);
    const list = this.lastList + 1;
    this.lastList = list;
    const send = (message: ToListWorker, transfer: ArrayBuffer[] = []): void =>
      started.worker.postMessage(message, transfer);
    let onTaken = (): void => {};
    let abort = (): void => {};
    const finished = new Promise<string>((resolve, reject) => {
      abort = () => reject(signal.reason);
      started.lists.set(list, {
        taken: () => onTaken(),
        done: resolve,
        failed: reject,
        stopTimer: () => {},
      });
    });
    // The worker may end while a piece is still awaited.
    finished.catch(() => {});
    signal.addEventListener('abort', abort, { once: true });
    try {
      send({ kind: 'begin', list, job });
      for await (const piece of pieces) {
        const taken = new Promise<void>((resolve) => {
          onTaken = resolve;
        });
        // A copy: Node's buffer may be part of a larger one that others still use.
        const bytes = new Uint8Array(piece);
        send({ kind: 'piece', list, bytes }, [bytes.buffer]);
        this.limitWork(started, list, job.siteName);
        await Promise.race([taken, finished]);
        started.lists.get(list)?.stopTimer();
      }
      send({ kind: 'end', list });
      this.limitWork(started, list, job.siteName);
      return await finished;
    } catch (error) {
      send({ kind: 'drop', list });
      this.limitWork(started, list, job.siteName);
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Ends a worker that does not answer in time, even if nobody waits for the playlist any more. */
  private limitWork(started: StartedWorker, list: number, siteName: string): void {
    const begun = started.lists.get(list);
    if (begun === undefined) return;
    begun.stopTimer();
    begun.stopTimer = this.clock.after(WORK_MS, () => {
      this.end(
        started,
        () => new GatewayFailure('not-media', `the playlist of ${siteName} takes too long to read`),
      );
    });
  }

  private start(siteName: string): StartedWorker {
    const worker = this.startWorker({ site: this.bases.site });
    const started: StartedWorker = { worker, lists: new Map() };
    this.started = started;
    worker.unref();
    worker.on('message', (message: FromListWorker) => {
      const begun = started.lists.get(message.list);
      if (begun === undefined) return;
      if (message.kind === 'taken') {
        begun.taken();
        return;
      }
      started.lists.delete(message.list);
      begun.stopTimer();
      if (message.kind === 'done') begun.done(message.text);
      else begun.failed(errorOf(message));
    });
    const lost = (): void =>
      this.end(
        started,
        () => new GatewayFailure('not-media', `the playlist of ${siteName} takes too much to read`),
      );
    worker.on('error', lost);
    worker.on('exit', lost);
    return started;
  }

  private end(started: StartedWorker, why: () => GatewayFailure): void {
    if (this.started === started) this.started = null;
    for (const { stopTimer, failed } of started.lists.values()) {
      stopTimer();
      failed(why());
    }
    started.lists.clear();
    void started.worker.terminate();
  }
}

/** The worker's file is beside this one, in the sources and in the build. */
function startListWorker(workerData: ListWorkerData): ListWorker {
  const file = import.meta.url.endsWith('.ts') ? './list-worker.ts' : './list-worker.js';
  return new Worker(new URL(file, import.meta.url), {
    workerData,
    // The worker needs none of the environment's secrets.
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
