import type { Suite } from '../suite/suite.ts';
import { UNDRIVEN_WORDS } from '../suite/undriven-window.ts';
import { measureTax } from './measure-tax.ts';
import { TAX_TIMES, TAX_VIEWERS, type TaxCase, taxCaseId, taxTiles } from './tax-cases.ts';
import { type TaxFigures, taxFiguresSchema } from './tax-figures.ts';
import { taxReport } from './tax-report.ts';

/** Duration of the start and end of window and rig, and of the wait until no standby starts or ends, seconds. */
const AROUND_S = 8;
/** Further time for each tile, seconds: a large wall takes longer to show all its pictures. */
const AROUND_PER_TILE_S = 0.2;

export const taxSuite: Suite<TaxCase, TaxFigures> = {
  name: 'tax',
  question: 'What does Holdfast cost on top of a plain hls.js grid?',
  extents: {
    quick: '1, 9 and 16 tiles, one pair, in about 3 minutes',
    full: '1 to 64 tiles, five pairs, in about 3 hours',
  },
  shells: ['electron'],
  method: (extent) => [
    `Plain HLS in 1 s segments at 15 fps, 640x360 up to 25 tiles and 320x180 above, shown by the bare grid (hls.js with \`lowLatencyMode\` and its defaults else, straight from the site, with \`--ignore-connections-limit\` in place of HTTP/1.1's six connections to a host) and by Holdfast through its gateway: standbys probed only (\`hotStandbys: off\`), played where the machine has room (\`auto\`), all played (\`all\`). Both in the same Electron, in a window of the same size, one after the other in turns; the order changes from pair to pair.`,
    `Each wall is measured for ${TAX_TIMES[extent].measureMs / 1000} s; it begins ${TAX_TIMES[extent].settleMs / 1000} s after the first pictures, when no standby has come or gone for 3 s. Frames are those presented, by the video’s own counter (\`getVideoPlaybackQuality\`: all less the dropped ones); that agrees with the screen, captured 60 times a second on four overloaded walls of 64 tiles, eight of them each, within 6 %. Told are those that the page heard of (\`requestVideoFrameCallback\`): a busy page hears of fewer. CPU is that of the window's own processes, from /proc; the sites' is not in it. Memory is taken at the end; the bare grid keeps all media that it has played, as hls.js does by default, so its memory grows with time. "Of bare" is the median of the ratios of pairs; every other figure is the median of the runs. Latency is the age of the newest frame by program date-time, ms.`,
    UNDRIVEN_WORDS,
  ],
  figures: taxFiguresSchema,
  cases: (extent) =>
    taxTiles(extent).flatMap((tiles) =>
      TAX_VIEWERS.map((viewer) => ({
        id: taxCaseId({ tiles, viewer }),
        row: `${tiles}x`,
        what: { tiles, viewer },
      })),
    ),
  runs: { quick: 1, full: 5 },
  typicalS: ({ tiles }, extent) =>
    (TAX_TIMES[extent].settleMs + TAX_TIMES[extent].measureMs) / 1000 + AROUND_S + AROUND_PER_TILE_S * tiles,
  measuring: { kind: 'each-alone', measure: (what, extent) => measureTax(what, TAX_TIMES[extent]) },
  report: taxReport,
};
