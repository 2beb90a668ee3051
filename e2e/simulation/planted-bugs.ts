import type { Policies } from '../../shared/config/config.ts';
import type { Wanted } from './fault-plan.ts';

/** A fault of the code, made on purpose: one piece of a source file replaced by another. */
export interface PlantedBug {
  readonly name: string;
  /** Below the project's top folder. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly piece: string;
  readonly replacement: string;
  /** The invariant that has to catch it. */
  readonly caughtBy: string;
  /** What the worlds are made of in which it has to show. */
  readonly wanted?: Wanted;
}

/** Long enough a stable time that a failback cannot be early by chance. */
const AUTOMATIC: Policies = {
  reactionTimeMs: 1000,
  bridgeAtOnce: true,
  failback: { mode: 'automatic', stableMs: 30_000, allowedLagMs: 3000 },
  hotStandbys: 'auto',
};

/** Each of them is a mistake that is easily made, and that nobody sees while all is well. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'the retired player is forgotten',
    file: 'renderer/tile/covered-pictures.ts',
    piece: 'if (this.retiring !== null) this.disposePlayer(this.retiring);',
    replacement: 'this.retiring = null;',
    caughtBy: 'twoPlayersAtMost',
  },
  {
    name: 'a standby is shown with its first byte, before it presented',
    file: 'shared/selector/rules/observe.ts',
    piece: '({ ...attempt, progressAtMs: draft.nowMs })',
    replacement: '({ ...attempt, progressAtMs: draft.nowMs, presentedAtMs: draft.nowMs })',
    caughtBy: 'onlyPresentedIsShown',
  },
  {
    name: 'evidence does not begin the stable time anew',
    file: 'shared/selector/standing.ts',
    piece: "? { kind: 'validating', sinceMs: nowMs, advancedMs: 0, spreadMs }\n    : { kind: before };",
    replacement:
      "? { kind: 'validating', sinceMs: nowMs - 3_600_000, advancedMs: 3_600_000, spreadMs }\n    : { kind: before };",
    caughtBy: 'failbackWaits',
    wanted: {
      // Outages that are shorter than the Reaction Time are what it has to notice.
      policies: { ...AUTOMATIC, reactionTimeMs: 3000 },
      faults: ['flapping, refused'],
      lastingMs: 60_000,
    },
  },
  {
    name: 'a timer of the watch outlives its disposal',
    file: 'renderer/playback/stream-watch.ts',
    piece: 'this.aborter.abort();\n    this.probe.end();\n    this.proof.end();',
    replacement: 'this.aborter.abort();\n    this.probe.end();',
    caughtBy: 'nothingIsLeft',
  },
  {
    name: 'a lost stream is not left while its picture still stands',
    file: 'shared/selector/rules/switching.ts',
    piece: "if (standing.kind === 'lost') return true;\n  if (standing.kind !== 'suspect'",
    replacement: "if (standing.kind !== 'suspect'",
    caughtBy: 'standbyIsTaken',
    wanted: {
      policies: AUTOMATIC,
      faults: ['segments 404', 'refused', 'playlist stands'],
      lastingMs: 60_000,
    },
  },
  {
    name: 'a failback that was undone is not damped',
    file: 'shared/selector/damping.ts',
    piece: 'undone: Math.min(MOST_DOUBLINGS, record.undone + 1),',
    replacement: 'undone: 0,',
    caughtBy: 'failbackWaits',
    wanted: {
      policies: { ...AUTOMATIC, failback: { ...AUTOMATIC.failback, stableMs: 2000 } },
      faults: ['flapping, refused'],
    },
  },
  {
    name: 'a request that is given up is left to the gateway',
    file: 'renderer/playback/transport.ts',
    piece: 'controller.abort();\n      this.gateway.cancel(requestId);',
    replacement: 'controller.abort();',
    caughtBy: 'requestsEnd',
    wanted: { faults: ['silent'] },
  },
  {
    name: 'a watch brings back what no player could show',
    file: 'shared/selector/rules/evidence.ts',
    piece: 'if (lostByPlayer || (shown?.streamId === id && shown.stalled))',
    replacement: 'if (shown?.streamId === id && shown.stalled)',
    caughtBy: 'redundancyIsTrue',
    wanted: { policies: AUTOMATIC, faults: ['other codec'], lastingMs: 120_000 },
  },
  {
    name: 'trials of what no player can show are not damped',
    file: 'shared/selector/standing.ts',
    piece: 'FIRST_TRIAL_WAIT_MS * 2 ** Math.max(0, failures - 1)',
    replacement: 'FIRST_TRIAL_WAIT_MS',
    caughtBy: 'vainStartsAreDamped',
    wanted: { policies: AUTOMATIC, faults: ['other codec'], lastingMs: 120_000 },
  },
  {
    name: 'a player that ages is left to itself',
    file: 'shared/selector/rules/showing.ts',
    piece: 'if (renew(draft, shown)) return true;',
    replacement: '',
    caughtBy: 'ageingIsAnswered',
    wanted: { policies: AUTOMATIC, faults: ['media time jumps'] },
  },
  {
    name: 'a watch asks as often as it likes',
    file: 'renderer/playback/playlist-asks.ts',
    piece: 'return Math.max(0, Math.ceil(fromMs - this.clock.now()));',
    replacement: 'return 0 * fromMs;',
    caughtBy: 'streamsAreAskedSparingly',
    wanted: { policies: AUTOMATIC, faults: ['too slow', 'sessions end', 'answers late'] },
  },
  {
    name: 'an edge that stands is called stalled before media was fetched',
    file: 'renderer/playback/stream-watch.ts',
    piece: 'else if (this.mayWaitToBeFetched(nowMs)) this.fetchWhileStanding(playlist, pathname);',
    replacement: '',
    caughtBy: 'onlyFaultsLoseStreams',
    wanted: { policies: AUTOMATIC, faults: ['no date-time'], sites: { sessions: 'pulled', watch: 'full' } },
  },
  {
    name: 'a session that gave media is not believed before its live edge moves',
    file: 'renderer/playback/stream-watch.ts',
    piece: 'this.probe.proveSession();',
    replacement: '',
    caughtBy: 'onlyFaultsLoseStreams',
    wanted: { policies: AUTOMATIC, faults: ['sessions end'], sites: { sessions: 'pulled', watch: 'full' } },
  },
  {
    name: 'a light watch never rests',
    file: 'renderer/playback/stream-watch.ts',
    piece: "if (isDone || (this.media.isLasting && this.attention !== 'shown')) this.rest();",
    replacement: 'void isDone;',
    caughtBy: 'lightStandbysRest',
    wanted: { policies: AUTOMATIC, faults: ['no date-time'], sites: { watch: 'light' } },
  },
  {
    name: 'what one watch learns of its pace, all of them go by',
    file: 'renderer/playback/live-edge-pace.ts',
    piece: 'private intervalsMs: number[] = [];',
    replacement:
      'private static shared: number[] = [];\n  private get intervalsMs(): number[] { return LiveEdgePace.shared; }\n  private set intervalsMs(intervals: number[]) { LiveEdgePace.shared = intervals; }',
    caughtBy: 'tilesAreIndependent',
    wanted: { shares: 'nothing' },
  },
];

/** @throws when the bug cannot be planted, because its piece does not stand in `source` exactly once */
export function plant(bug: PlantedBug, source: string): string {
  const places = source.split(bug.piece).length - 1;
  if (places !== 1)
    throw new Error(
      `the bug "${bug.name}" no longer applies: its piece stands ${places} times in ${bug.file}, not once`,
    );
  return source.replace(bug.piece, () => bug.replacement);
}
