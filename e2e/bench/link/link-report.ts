import { inThousands, inUnits } from '../suite/format-figure.ts';
import type { GoalResult } from '../suite/goal-result.ts';
import { LOAD_HEAD, loadCell } from '../suite/load-words.ts';
import { markdownTable } from '../suite/markdown-table.ts';
import type { SuiteReport, SuiteRun } from '../suite/suite.ts';
import { LINK_CASES, linkCaseId } from './link-cases.ts';
import type { LinkFigures } from './link-figures.ts';

type Run = SuiteRun<LinkFigures>;

/** Goal on a link that carries 60 %: lowest share of readings that find LIVE. */
const LEAST_LIVE = 0.95;
/** Goal on a link that carries 60 %: highest share of probes in all bytes. */
const MOST_PROBES = 0.1;

export function linkReport(runs: readonly Run[]): SuiteReport {
  const ordered = LINK_CASES.flatMap((what) => runs.filter(({ id }) => id === linkCaseId(what)));
  return {
    goals: goalsOf(runs),
    sections: [
      { title: 'Links', text: ordered.length === 0 ? 'Not measured.' : linksTable(ordered) },
      { title: 'Changes of site', text: listed(ordered, ({ siteChanges }) => siteChanges) },
      { title: 'Alarms', text: listed(ordered, ({ alarms }) => alarms) },
    ],
    digest:
      ordered.length === 0
        ? 'Not measured.'
        : markdownTable(
            ['link', 'LIVE, %', 'changes of site', 'probes, %'],
            ordered.map(({ id, figures }) => [
              id,
              inUnits(100 * figures.liveShare, 1),
              String(figures.siteChanges.length),
              inUnits(100 * probesShare(figures), 1),
            ]),
          ),
  };
}

function goalsOf(runs: readonly Run[]): GoalResult[] {
  const thin = runs.filter(({ id }) => id === linkCaseId({ kind: 'thin', carried: 0.6 }));
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const live = Math.min(...thin.map(({ figures }) => figures.liveShare));
  const probes = Math.max(...thin.map(({ figures }) => probesShare(figures)));
  const changes = runs.reduce((sum, { figures }) => sum + figures.siteChanges.length, 0);
  return [
    judged(
      'a link that carries 60 %: LIVE in at least 95 % of looks',
      thin,
      live >= LEAST_LIVE,
      percent(live),
    ),
    judged('the same: probes at most a tenth of the bytes', thin, probes <= MOST_PROBES, percent(probes)),
    judged('no change of site on any link', runs, changes === 0, String(changes)),
  ];
}

function judged(words: string, runs: readonly Run[], isMet: boolean, measured: string): GoalResult {
  if (runs.length === 0) return { words, verdict: 'not measured', measured: '', values: 0 };
  return { words, verdict: isMet ? 'met' : 'missed', measured, values: runs.length };
}

function linksTable(runs: readonly Run[]): string {
  return markdownTable(
    [
      'link',
      'watched, s',
      'LIVE, %',
      'changes of site',
      'of quality',
      'alarms from the start on',
      'bytes shown',
      'standby',
      'probes',
      'probes, %',
      LOAD_HEAD,
    ],
    runs.map(({ figures, ...run }) => [
      run.id,
      inUnits(figures.watchedMs / 1000),
      inUnits(100 * figures.liveShare, 1),
      String(figures.siteChanges.length),
      String(figures.qualityChanges),
      String(figures.alarms.length),
      inThousands(figures.loaded.shown),
      inThousands(figures.loaded.standby),
      inThousands(figures.loaded.probe),
      inUnits(100 * probesShare(figures), 1),
      loadCell([run]),
    ]),
  );
}

function probesShare({ loaded: { shown, standby, probe } }: LinkFigures): number {
  return probe / Math.max(1, shown + standby + probe);
}

function listed(runs: readonly Run[], wordsOf: (figures: LinkFigures) => readonly string[]): string {
  const lines = runs.flatMap(({ id, figures }) => wordsOf(figures).map((words) => `- ${id}: ${words}`));
  return lines.length === 0 ? 'None.' : lines.join('\n');
}
