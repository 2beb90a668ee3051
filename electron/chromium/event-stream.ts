import type { EventName, EventPayload } from '../../shared/bridge.ts';

/** The host's events to the pages, as `text/event-stream`. */
export class EventStream {
  private readonly listening = new Set<ReadableStreamDefaultController<Uint8Array>>();
  private readonly latest = new Map<EventName, Uint8Array>();

  emit<N extends EventName>(name: N, payload: EventPayload<N>): void {
    // JSON has line breaks only as escapes, and a `data:` line must not contain one.
    const event = new TextEncoder().encode(`event: ${name}\ndata: ${JSON.stringify(payload)}\n\n`);
    this.latest.set(name, event);
    for (const listener of this.listening) listener.enqueue(event);
  }

  /**
   * A stream for one page. It begins with the latest event of every name: a page that was just loaded, or whose
   * connection broke, has missed them.
   */
  open(): Response {
    let own: ReadableStreamDefaultController<Uint8Array> | null = null;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = controller;
        this.listening.add(controller);
        // A comment: it makes the answer begin, so that the page knows that it is connected.
        controller.enqueue(new TextEncoder().encode(':\n\n'));
        for (const event of this.latest.values()) controller.enqueue(event);
      },
      cancel: () => {
        if (own !== null) this.listening.delete(own);
      },
    });
    return new Response(body, {
      headers: {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
    });
  }
}
