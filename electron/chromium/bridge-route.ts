import { BRIDGE_EVENTS_PATH, BRIDGE_PATH } from '../../shared/http-bridge-contract.ts';
import { isRequestName, type Reply, type RequestSender } from '../app/ipc-gate.ts';
import { REQUEST_LIMITS } from '../app/request-limits.ts';
import type { EventStream } from './event-stream.ts';

/** Input limit of a request with an unknown name, in bytes. The gate refuses it in any case. */
const UNKNOWN_BYTES = 1000;

/** The id of this shell's only window, for handlers that tell windows apart. */
export const WINDOW_ID = 1;

/**
 * The bridge over HTTP (shared/http-bridge-contract.ts). The gate behind it checks names and inputs, as for Electron's windows;
 * the door has already checked that the request comes from Holdfast's page.
 * @param route.gate made by `createIpcGate`
 * @param route.origin the server's own
 */
export function createBridgeRoute(route: {
  readonly gate: (sender: RequestSender, name: unknown, input: unknown) => Promise<Reply>;
  readonly events: EventStream;
  readonly origin: string;
}): (request: Request) => Promise<Response> {
  const sender: RequestSender = { frame: { origin: route.origin, position: 'main' }, windowId: WINDOW_ID };
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === BRIDGE_EVENTS_PATH && request.method === 'GET') return route.events.open();
    if (request.method !== 'POST') return plain(405, 'Requests of the bridge are posted.');
    const name = nameOf(pathname);
    const input = await inputOf(request, isRequestName(name) ? REQUEST_LIMITS[name].bytes : UNKNOWN_BYTES);
    if (input.kind === 'refused') return plain(input.status, input.words);
    return Response.json(await route.gate(sender, name, input.value), {
      headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
    });
  };
}

type Input =
  | { readonly kind: 'input'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly status: 400 | 413 | 415; readonly words: string };

async function inputOf(request: Request, maxBytes: number): Promise<Input> {
  const text = await textOf(request, maxBytes);
  if (text === null) return { kind: 'refused', status: 413, words: `The input exceeds ${maxBytes} bytes.` };
  if (text === '') return { kind: 'input', value: undefined };
  if (request.headers.get('content-type') !== 'application/json')
    return { kind: 'refused', status: 415, words: 'The input has to be application/json.' };
  try {
    return { kind: 'input', value: JSON.parse(text) };
  } catch {
    return { kind: 'refused', status: 400, words: 'The input is not JSON.' };
  }
}

/** `null` when it is too large. Then it is read to its end but not kept, so that the browser still reads the answer. */
async function textOf(request: Request, maxBytes: number): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    bytes += part.value.length;
    if (bytes <= maxBytes) chunks.push(part.value);
  }
  return bytes <= maxBytes ? Buffer.concat(chunks).toString('utf8') : null;
}

/** Names that cannot be decoded are left as they are: the gate knows no such request. */
function nameOf(pathname: string): string {
  const name = pathname.slice(BRIDGE_PATH.length);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function plain(status: number, words: string): Response {
  return new Response(words, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });
}
