import type { Extent } from '../suite/extent.ts';
import type { SuiteCase } from '../suite/suite.ts';

/** The faults of the benchmark, all at the first site, by their names in reports. */
export const GAP_FAULTS = [
  'refused',
  'hang',
  'silent',
  'http-503',
  'freeze',
  'media-404',
  'media-corrupt',
  'too-slow',
  'certificate',
] as const;
export type GapFault = (typeof GAP_FAULTS)[number];

/** What each fault is, with its number in the table of faults of `shared/selector/README.md`. */
export const FAULT_WORDS: Readonly<Record<GapFault, string>> = {
  refused: '1: process killed, connections refused',
  hang: '2: accepts and never answers',
  silent: '2: packets dropped',
  'http-503': '3: 503 on everything',
  freeze: '5: playlist stops moving',
  'media-404': '6: segments and parts answer 404',
  'media-corrupt': '6: segments and parts corrupt',
  'too-slow': '7: too slow for real time',
  certificate: '14: TLS certificate changed',
};

export const STREAM_KINDS = ['plain-1s', 'plain-2s', 'll-333ms'] as const;
export type StreamKind = (typeof STREAM_KINDS)[number];

export const NETWORK_KINDS = ['none', '150ms', '150±100ms'] as const;
/** Delay added to every answer of both sites. */
export type NetworkKind = (typeof NETWORK_KINDS)[number];

export const TILE_COUNTS = [1, 4, 9, 16] as const;
/** Number of tiles that fail together. */
export type TileCount = (typeof TILE_COUNTS)[number];

/** What one window is launched for. All rounds of a setup share the window. */
export interface Setup {
  readonly stream: StreamKind;
  readonly tiles: TileCount;
  readonly network: NetworkKind;
  /** `https` only for a fault of TLS. */
  readonly transport: 'http' | 'https';
}

export interface Row extends Setup {
  readonly fault: GapFault;
}

/** The rows of the quick run in words, for its report. */
export const QUICK_CHOICE =
  'every fault on 9 tiles of plain 1 s; LL-HLS on 4 tiles (refused, hang, freeze) and on 16 (refused, hang); 9 tiles of plain 1 s at 150 ± 100 ms (refused, hang)';

const QUICK: readonly (Omit<Setup, 'transport'> & { readonly faults: readonly GapFault[] })[] = [
  { stream: 'plain-1s', tiles: 9, network: 'none', faults: GAP_FAULTS },
  { stream: 'll-333ms', tiles: 4, network: 'none', faults: ['refused', 'hang', 'freeze'] },
  { stream: 'll-333ms', tiles: 16, network: 'none', faults: ['refused', 'hang'] },
  { stream: 'plain-1s', tiles: 9, network: '150±100ms', faults: ['refused', 'hang'] },
];

/** The rows of a run, in the order of reports. */
export function rowsOf(extent: Extent): Row[] {
  if (extent === 'quick')
    return QUICK.flatMap(({ faults, ...setup }) => faults.map((fault) => rowWith(setup, fault)));
  return NETWORK_KINDS.flatMap((network) =>
    STREAM_KINDS.flatMap((stream) =>
      TILE_COUNTS.flatMap((tiles) => GAP_FAULTS.map((fault) => rowWith({ stream, tiles, network }, fault))),
    ),
  );
}

/** What is measured for a setup: the latency of a plain hls.js grid once, and rounds of its rows. */
export type GapCase =
  | { readonly kind: 'bare-grid'; readonly setup: Setup }
  /** `position`: place of the row among the rows of its setup, from 0. */
  | { readonly kind: 'round'; readonly row: Row; readonly position: number };

/** The cases of a run: for each setup its bare grid, then its rows. */
export function gapCases(extent: Extent): SuiteCase<GapCase>[] {
  return [...Map.groupBy(rowsOf(extent), setupId)].flatMap(([row, [first, ...rest]]) => {
    if (first === undefined) return [];
    const { fault: _fault, ...setup } = first;
    return [
      { id: `${row}/bare-grid`, row, what: { kind: 'bare-grid', setup }, mostRuns: 1 },
      ...[first, ...rest].map((one, position) => ({
        id: rowId(one),
        row,
        what: { kind: 'round', row: one, position } as const,
      })),
    ];
  });
}

/** `<stream>/<tiles>x/<network>/<fault>`: `--only` is matched with it, and results are stored under it. */
export function rowId(row: Row): string {
  return `${row.stream}/${row.tiles}x/${row.network}/${row.fault}`;
}

export function setupId({ stream, tiles, network, transport }: Setup): string {
  return `${stream}/${tiles}x/${network}${transport === 'https' ? '/https' : ''}`;
}

function rowWith(setup: Omit<Setup, 'transport'>, fault: GapFault): Row {
  return { ...setup, transport: fault === 'certificate' ? 'https' : 'http', fault };
}
