import type { Extent } from '../suite/extent.ts';
import { LOAD_HEAD } from '../suite/load-words.ts';
import { markdownTable } from '../suite/markdown-table.ts';
import type { SuiteReport, SuiteRun } from '../suite/suite.ts';
import { peerCases } from './peer-cases.ts';
import type { PeerFigures } from './peer-figures.ts';
import { CONTENDERS, contenderId, PEER_WORDS, PEERS, TUNING_WORDS, TUNINGS } from './peer-players.ts';
import { type ContenderSummary, gapWords, peerGoals, summarisePeers } from './peer-summary.ts';

export function peerReport(runs: readonly SuiteRun<PeerFigures>[], extent: Extent): SuiteReport {
  const summaries = summarisePeers(peerCases(extent), runs);
  return {
    goals: peerGoals(summaries),
    sections: [
      { title: 'Side by side', text: sideBySide(summaries) },
      { title: 'The contenders', text: contenders() },
    ],
    digest: digest(summaries),
  };
}

function sideBySide(summaries: readonly ContenderSummary[]): string {
  if (summaries.length === 0) return 'Nothing was measured.';
  return markdownTable(
    [
      'row',
      'contender',
      'tiles',
      'gap median',
      'max',
      'in Holdfast’s',
      'blank (longest)',
      'never recovered',
      'returned',
      LOAD_HEAD,
    ],
    summaries.map((one) => [
      one.row,
      contenderId(one.contender),
      String(one.tiles),
      gapWords(one.medianGapMs),
      gapWords(one.maxGapMs),
      ratioWords(one.toHoldfast),
      one.blankTiles === 0 ? '0' : `${one.blankTiles} (${Math.round(one.longestBlankMs)} ms)`,
      one.neverRecovered === 0 ? '0' : `**${one.neverRecovered}**`,
      returnWords(one),
      one.load,
    ]),
  );
}

/** A table with a line for each contender and a column for each row. */
function digest(summaries: readonly ContenderSummary[]): string {
  if (summaries.length === 0) return 'Not measured.';
  const rows = [...new Set(summaries.map(({ row }) => row))];
  const lines = CONTENDERS.map(contenderId).flatMap((contender) => {
    const own = summaries.filter((one) => contenderId(one.contender) === contender);
    if (own.length === 0) return [];
    return [
      [
        contender,
        ...rows.map((row) => {
          const found = own.find((one) => one.row === row);
          if (found === undefined) return '–';
          const blank = found.blankTiles === 0 ? '' : `, blank ${Math.round(found.longestBlankMs)} ms`;
          return `${gapWords(found.medianGapMs)} / ${gapWords(found.maxGapMs)}${blank}`;
        }),
      ],
    ];
  });
  return markdownTable(['gap, median / max', ...rows], lines);
}

function contenders(): string {
  return markdownTable(
    ['contender', 'what it is', 'its settings'],
    PEERS.flatMap((peer) =>
      TUNINGS.map((tuning) => [
        contenderId({ kind: 'peer', peer, tuning }),
        PEER_WORDS[peer],
        TUNING_WORDS[peer][tuning],
      ]),
    ),
  );
}

function ratioWords(ratio: number | null): string {
  if (ratio === null) return '–';
  return ratio === Number.POSITIVE_INFINITY ? '∞' : `${ratio.toFixed(1)} x`;
}

function returnWords({ returned, tiles }: ContenderSummary): string {
  if (returned === null) return '–';
  if (returned.tiles === 0) return 'never';
  return `${returned.tiles} of ${tiles}, after ${((returned.medianMs ?? 0) / 1000).toFixed(1)} s`;
}
