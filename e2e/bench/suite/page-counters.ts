import { z } from 'zod';
import type { DevToolsClient } from './devtools-client.ts';
import { evaluatedValue } from './devtools-messages.ts';

/** Counters of a page by the DevTools protocol, after a garbage collection. */
export interface PageCounters {
  /** JavaScript heap, MB (10^6 bytes). */
  readonly heapMb: number;
  readonly listeners: number;
  readonly nodes: number;
  /** Number of media elements that are alive, in the document or not. */
  readonly mediaElements: number;
}

const QUERY_GROUP = 'media-elements';

const objectSchema = z.object({ objectId: z.string() });

/**
 * Reads the counters of a page. They need one enabled domain, `Performance`, which is disabled again after the reading.
 * @throws where the page is gone, or its browser does not report one of the counters
 */
export async function readPageCounters(page: DevToolsClient): Promise<PageCounters> {
  await page.send('HeapProfiler.collectGarbage');
  const mediaElements = await countMediaElements(page);
  await page.send('Performance.enable');
  const { metrics } = await page.send('Performance.getMetrics');
  await page.send('Performance.disable');
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

async function countMediaElements(page: DevToolsClient): Promise<number> {
  try {
    const prototype = await page.send('Runtime.evaluate', {
      expression: 'HTMLVideoElement.prototype',
      objectGroup: QUERY_GROUP,
    });
    const { objects } = await page.send('Runtime.queryObjects', {
      prototypeObjectId: objectSchema.parse(prototype.result).objectId,
      objectGroup: QUERY_GROUP,
    });
    const counted = await page.send('Runtime.callFunctionOn', {
      objectId: objectSchema.parse(objects).objectId,
      functionDeclaration: 'function () { return this.length; }',
      returnByValue: true,
    });
    return z.number().parse(evaluatedValue(counted));
  } finally {
    // The result of the query would otherwise keep the elements alive.
    await page.send('Runtime.releaseObjectGroup', { objectGroup: QUERY_GROUP });
  }
}
