import type { CDPSession, Page } from '@playwright/test';

/** What the DevTools protocol tells of a page, after a garbage collection. */
export interface PageCounters {
  /** MB (10^6 bytes). */
  readonly heapMb: number;
  readonly listeners: number;
  readonly nodes: number;
  /** Alive, whether in the document or not. */
  readonly mediaElements: number;
}

const QUERY_GROUP = 'media-elements';

/** Counts what a page holds, over one session that lasts as long as the page. */
export class PageProbe {
  readonly #session: CDPSession;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async open(page: Page): Promise<PageProbe> {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    return new PageProbe(session);
  }

  /** @throws where the page is gone, or its browser does not tell one of these */
  async read(): Promise<PageCounters> {
    await this.#session.send('HeapProfiler.collectGarbage');
    const mediaElements = await this.#mediaElements();
    const { metrics } = await this.#session.send('Performance.getMetrics');
    const metric = (name: string): number => {
      const found = metrics.find((one) => one.name === name);
      if (found === undefined) throw new Error(`the browser does not tell ${name}`);
      return found.value;
    };
    return {
      heapMb: metric('JSHeapUsedSize') / 1e6,
      listeners: metric('JSEventListeners'),
      nodes: metric('Nodes'),
      mediaElements,
    };
  }

  async #mediaElements(): Promise<number> {
    const session = this.#session;
    try {
      const prototype = await session.send('Runtime.evaluate', {
        expression: 'HTMLVideoElement.prototype',
        objectGroup: QUERY_GROUP,
      });
      const { objectId: prototypeObjectId } = prototype.result;
      if (prototypeObjectId === undefined) throw new Error('the page has no HTMLVideoElement');
      const { objects } = await session.send('Runtime.queryObjects', {
        prototypeObjectId,
        objectGroup: QUERY_GROUP,
      });
      if (objects.objectId === undefined)
        throw new Error('the browser does not find objects by their prototype');
      const { result } = await session.send('Runtime.callFunctionOn', {
        objectId: objects.objectId,
        functionDeclaration: 'function () { return this.length; }',
        returnByValue: true,
      });
      return Number(result.value);
    } finally {
      // What was found would otherwise stay alive by being found.
      await session.send('Runtime.releaseObjectGroup', { objectGroup: QUERY_GROUP });
    }
  }
}
