import { parentPort, workerData } from 'node:worker_threads';
import { GatewayFailure } from './failures.ts';
import { type FromListWorker, type ListWorkerData, type ToListWorker, workOnList } from './list-work.ts';
import { SiteBases } from './site-bases.ts';

/** The worker thread for one site's large playlists (list-reader.ts): they take none of the host's own time. */

interface Begun {
  readonly pieces: WritableStreamDefaultWriter<Uint8Array>;
  readonly stop: AbortController;
}

if (parentPort === null) throw new Error('list-worker is started as a worker thread');
const port = parentPort;
const { site } = workerData as ListWorkerData;
const bases = new SiteBases(site);
const lists = new Map<number, Begun>();

port.on('message', (message: ToListWorker) => {
  const { list } = message;
  if (message.kind === 'begin') {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const stop = new AbortController();
    lists.set(list, { pieces: writable.getWriter(), stop });
    void workOnList(readable, message.job, bases, stop.signal)
      .then(
        (text) => send({ kind: 'done', list, text }),
        (error: unknown) => send({ kind: 'failed', list, ...failureOf(error) }),
      )
      .finally(() => lists.delete(list));
    return;
  }
  const begun = lists.get(list);
  if (begun === undefined) return;
  // The failure of a playlist is reported by its own answer.
  const ignore = (): void => {};
  switch (message.kind) {
    case 'piece':
      begun.pieces.write(message.bytes).then(() => send({ kind: 'taken', list }), ignore);
      break;
    case 'end':
      begun.pieces.close().catch(ignore);
      break;
    case 'drop':
      begun.stop.abort();
      begun.pieces.abort(new Error('dropped')).catch(ignore);
  }
});

function send(message: FromListWorker): void {
  port.postMessage(message);
}

function failureOf(error: unknown): Pick<Extract<FromListWorker, { kind: 'failed' }>, 'reason' | 'message'> {
  const message = error instanceof Error ? error.message : String(error);
  return { reason: error instanceof GatewayFailure ? error.reason : null, message };
}
