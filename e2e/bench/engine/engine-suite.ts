import type { Extent } from '../suite/extent.ts';
import type { Suite } from '../suite/suite.ts';
import { UNDRIVEN_WORDS } from '../suite/undriven-window.ts';
import { type EngineFigures, engineFiguresSchema, IN_FLIGHT } from './engine-figures.ts';
import { engineReport } from './engine-report.ts';
import { EVENT_LOOP_TILES, measureEventLoop } from './measure-event-loop.ts';
import { measureGateway, type RequestCounts } from './measure-gateway.ts';
import { measurePage } from './measure-page.ts';
import { measureSteps } from './measure-steps.ts';
import type { FileKind } from './site-file.ts';

type EngineCase =
  | { readonly kind: 'steps' }
  | { readonly kind: 'requests'; readonly from: 'node' | 'page'; readonly file: FileKind }
  | { readonly kind: 'event-loop' };

const CASES: readonly { readonly id: string; readonly what: EngineCase }[] = [
  { id: 'steps', what: { kind: 'steps' } },
  ...(['node', 'page'] as const).flatMap((from) =>
    (['playlist', 'segment'] as const).map((file) => ({
      id: `gateway/${from}/${file}`,
      what: { kind: 'requests', from, file } as const,
    })),
  ),
  { id: `event-loop/${EVENT_LOOP_TILES}x`, what: { kind: 'event-loop' } },
];

const STEPS_MS: Readonly<Record<Extent, number>> = { quick: 500, full: 3000 };
const NODE_COUNTS: Readonly<Record<Extent, RequestCounts>> = {
  quick: { single: 400, together: 2000 },
  full: { single: 4000, together: 20_000 },
};
/** So few requests that the site still serves the segment at the end. */
const PAGE_COUNTS: RequestCounts = { single: 200, together: 400 };
const WATCH_MS: Readonly<Record<Extent, number>> = { quick: 6000, full: 60_000 };

export const engineSuite: Suite<EngineCase, EngineFigures> = {
  name: 'engine',
  question: 'How much does the engine carry?',
  extents: {
    quick: 'every part once, in about a minute',
    full: 'every part five times, in about 17 minutes',
  },
  shells: ['electron'],
  method: () => [
    'Steps of the stream selector: of a tile with two streams, in plain Node.',
    `Gateway: a live playlist and a segment of 640x360, asked for again and again from a site on loopback, directly and through the gateway: in plain Node (Node’s own HTTP client against the gateway’s function), and in the real window (a plain page’s \`fetch\` against Holdfast’s bridge, as its players ask, without the way through Chromium’s network process, so that it can be the faster one). Latencies are of single requests, rates with ${IN_FLIGHT} under way. The site’s process shares the machine.`,
    `Event loop: how late the main process’s event loop wakes up (\`monitorEventLoopDelay\`) while ${EVENT_LOOP_TILES} tiles of 320x180 play through it, standbys probed.`,
    UNDRIVEN_WORDS,
  ],
  figures: engineFiguresSchema,
  cases: () => CASES.map(({ id, what }) => ({ id, row: id, what })),
  runs: { quick: 1, full: 5 },
  typicalS: (what, extent) => {
    switch (what.kind) {
      case 'steps':
        return (3 * STEPS_MS[extent]) / 1000 + 1;
      case 'requests':
        return what.from === 'page' ? 15 : NODE_COUNTS[extent].together / 500;
      case 'event-loop':
        return WATCH_MS[extent] / 1000 + 25;
    }
  },
  measuring: { kind: 'each-alone', measure: measureEngine },
  report: engineReport,
};

async function measureEngine(what: EngineCase, extent: Extent): Promise<EngineFigures> {
  switch (what.kind) {
    case 'steps':
      return measureSteps(STEPS_MS[extent]);
    case 'requests':
      return what.from === 'page'
        ? measurePage(what.file, PAGE_COUNTS)
        : measureGateway(what.file, NODE_COUNTS[extent]);
    case 'event-loop':
      return measureEventLoop(WATCH_MS[extent]);
  }
}
