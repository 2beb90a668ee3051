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
  /** The first world to look for it in: most are too short to catch every bug. */
  readonly fromSeed: number;
}

/** Each of them is a mistake that is easily made, and that nobody sees while all is well. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'the retired player is forgotten',
    file: 'renderer/tile/tile-engine.ts',
    piece: 'if (this.retiring !== null) this.disposePlayer(this.retiring);',
    replacement: 'this.retiring = null;',
    caughtBy: 'twoPlayersAtMost',
    fromSeed: 1,
  },
  {
    name: 'a standby is shown with its first byte, before it presented',
    file: 'shared/selector/selector.ts',
    piece:
      'this.updateAttempt(observation.playerId, (attempt) => ({ ...attempt, progressAtMs: this.nowMs }));',
    replacement:
      'this.updateAttempt(observation.playerId, (attempt) => ({ ...attempt, progressAtMs: this.nowMs, presentedAtMs: this.nowMs }));',
    caughtBy: 'onlyPresentedIsShown',
    fromSeed: 1,
  },
  {
    name: 'evidence does not begin the stable time anew',
    file: 'shared/selector/standing.ts',
    piece: "? { kind: 'validating', sinceMs: nowMs, advancedMs: 0, spreadMs }\n    : { kind: before };",
    replacement:
      "? { kind: 'validating', sinceMs: nowMs - 3_600_000, advancedMs: 3_600_000, spreadMs }\n    : { kind: before };",
    caughtBy: 'failbackWaits',
    fromSeed: 37,
  },
  {
    name: 'a timer of the watch outlives its disposal',
    file: 'renderer/playback/stream-watch.ts',
    piece: 'this.aborter.abort();\n    this.endPoll();\n    this.endDue();',
    replacement: 'this.aborter.abort();\n    this.endPoll();',
    caughtBy: 'nothingIsLeft',
    fromSeed: 1,
  },
  {
    name: 'a lost stream is not left while its picture still stands',
    file: 'shared/selector/selector.ts',
    piece: "if (standing.kind === 'lost') return true;\n    if (standing.kind !== 'suspect'",
    replacement: "if (standing.kind !== 'suspect'",
    caughtBy: 'everyTileRecovers',
    fromSeed: 1,
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
