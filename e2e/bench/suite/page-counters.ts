import { z } from 'zod';
import type { DevToolsClient } from './devtools-client.ts';
import { evaluatedValue } from './devtools-messages.ts';

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

const objectSchema = z.object({ objectId: z.string() });

/**
 * Counts what a page holds. The one domain that has to be enabled for it, `Performance`, is so only while it is read.
 * @throws where the page is gone, or its browser does not tell one of these
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
    // What was found would otherwise stay alive by being found.
    await page.send('Runtime.releaseObjectGroup', { objectGroup: QUERY_GROUP });
  }
}
