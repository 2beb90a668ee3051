import { parentPort, workerData } from 'node:worker_threads';
import { GatewayFailure } from './gateway-failure.ts';
import { type FromListWorker, type ListWorkerData, type ToListWorker, workOnList } from './list-work.ts';
import { SiteBases } from './site-bases.ts';

/** The worker thread of one site's large lists (list-reader.ts): whatever a site sends costs the others none of the host's time. */

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
    void workOnList(readable, message.errand, bases, stop.signal)
      .then(
        (text) => tell({ kind: 'done', list, text }),
        (error: unknown) => tell({ kind: 'failed', list, ...failureOf(error) }),
      )
      .finally(() => lists.delete(list));
    return;
  }
  const begun = lists.get(list);
  if (begun === undefined) return;
  // What the list has failed with is told by its own answer.
  const ignore = (): void => {};
  switch (message.kind) {
    case 'piece':
      begun.pieces.write(message.bytes).then(() => tell({ kind: 'taken', list }), ignore);
      break;
    case 'end':
      begun.pieces.close().catch(ignore);
      break;
    case 'drop':
      begun.stop.abort();
      begun.pieces.abort(new Error('dropped')).catch(ignore);
  }
});

function tell(message: FromListWorker): void {
  port.postMessage(message);
}

function failureOf(error: unknown): Pick<Extract<FromListWorker, { kind: 'failed' }>, 'reason' | 'message'> {
  const message = error instanceof Error ? error.message : String(error);
  return { reason: error instanceof GatewayFailure ? error.reason : null, message };
}
