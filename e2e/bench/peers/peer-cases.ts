import { FAULT_WORDS, GAP_FAULTS, type GapFault, type StreamKind, type TileCount } from '../gap/matrix.ts';
import type { Extent } from '../suite/extent.ts';
import type { SuiteCase } from '../suite/suite.ts';
import { CONTENDERS, type Contender, contenderId } from './peer-players.ts';

/**
 * `unrelated`: each site numbers and times its segments by itself, as two installations do. `shared`: numbers and times are
 * the same at both sites, as with two packagers behind one encoder. Redundant variants are made for `shared` (RFC 8216,
 * 6.2.4: they "SHOULD" be interchangeable).
 */
export const TIMELINES = ['unrelated', 'shared'] as const;
export type Timeline = (typeof TIMELINES)[number];

export interface PeerRow {
  readonly stream: StreamKind;
  readonly tiles: TileCount;
  readonly timeline: Timeline;
  readonly fault: GapFault;
}

export interface PeerCase extends PeerRow {
  readonly contender: Contender;
}

/** Two rows, so that the quick run takes less than 4 minutes. A contender that does not recover takes the whole time limit. */
const QUICK: readonly (PeerRow & { readonly contenders: 'all' | 'tuned' })[] = [
  { stream: 'plain-1s', tiles: 4, timeline: 'unrelated', fault: 'refused', contenders: 'all' },
  { stream: 'plain-1s', tiles: 4, timeline: 'unrelated', fault: 'freeze', contenders: 'tuned' },
];
/** The rows of the quick run in words, for the help and the report. */
export const QUICK_CHOICE =
  '4 tiles of plain 1 s with unrelated timelines: refused, with every contender, and freeze, with Holdfast and the tuned ones';

const FULL: readonly Omit<PeerRow, 'fault'>[] = [
  { stream: 'plain-1s', tiles: 1, timeline: 'unrelated' },
  { stream: 'plain-1s', tiles: 4, timeline: 'unrelated' },
  { stream: 'plain-1s', tiles: 9, timeline: 'unrelated' },
  { stream: 'plain-1s', tiles: 4, timeline: 'shared' },
  { stream: 'll-333ms', tiles: 4, timeline: 'unrelated' },
];
export const FULL_CHOICE =
  'every fault on 1, 4 and 9 tiles of plain 1 s with unrelated timelines, on 4 with shared ones, and on 4 of LL-HLS';

export function peerCases(extent: Extent): readonly SuiteCase<PeerCase>[] {
  if (extent === 'quick')
    return QUICK.flatMap(({ contenders, ...row }) =>
      CONTENDERS.filter(
        (contender) =>
          contenders === 'all' || contender.kind === 'holdfast' || contender.tuning === contenders,
      ).map((contender) => caseOf(row, contender)),
    );
  return FULL.flatMap((setup) =>
    GAP_FAULTS.flatMap((fault) => CONTENDERS.map((contender) => caseOf({ ...setup, fault }, contender))),
  );
}

/** `<stream>/<tiles>x/<timeline>/<fault>`. */
export function peerRowId({ stream, tiles, timeline, fault }: PeerRow): string {
  return `${stream}/${tiles}x/${timeline}/${fault}`;
}

/** Time limit for a tile's recovery, ms. */
export const GIVE_UP_MS: Readonly<Record<Extent, number>> = { quick: 15_000, full: 60_000 };

/** Whether a run waits for the return to the first site: for one fault only, because it takes most of the time. */
export function waitsForReturn({ fault }: PeerRow, extent: Extent): boolean {
  return extent === 'full' && fault === 'refused';
}

/** The words of a fault, with what it means to pages without a gateway where that is different. */
export function peerFaultWords(fault: GapFault): string {
  return fault === 'certificate'
    ? `${FAULT_WORDS[fault]}. The peers’ window trusts the certificate that Holdfast has pinned, and refuses the changed one as it would any unknown one: the page only sees that its requests fail, without a reason`
    : FAULT_WORDS[fault];
}

function caseOf(row: PeerRow, contender: Contender): SuiteCase<PeerCase> {
  return {
    id: `${peerRowId(row)}/${contenderId(contender)}`,
    row: peerRowId(row),
    what: { ...row, contender },
  };
}
