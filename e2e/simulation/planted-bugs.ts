import type { LightRest } from '../../renderer/playback/light-rest.ts';
import type { LiveEdgePace } from '../../renderer/playback/live-edge-pace.ts';
import type { PlaylistAsks } from '../../renderer/playback/playlist-asks.ts';
import type { PlaylistProbe } from '../../renderer/playback/playlist-probe.ts';
import type { ProofTimer } from '../../renderer/playback/proof-timer.ts';
import type { PullDetection } from '../../renderer/playback/pull-detection.ts';
import type { GatewayTransport, SiteGateway } from '../../renderer/playback/transport.ts';
import type { CoveredPictures } from '../../renderer/tile/covered-pictures.ts';
import type { Policies } from '../../shared/config/config.ts';
import type { withUndone } from '../../shared/selector/damping.ts';
import type { observe } from '../../shared/selector/rules/observe.ts';
import type { renew } from '../../shared/selector/rules/renewal.ts';
import type { whileSwitching } from '../../shared/selector/rules/switching.ts';
import type { lost, withProof } from '../../shared/selector/standing.ts';
import type { Wanted } from './fault-plan.ts';

/**
 * A bug that is planted on purpose: a mutant replaces one function or class that a module exports. Calls within that module still
 * reach the original.
 */
export interface PlantedBug {
  readonly name: string;
  /** The module, below the project's top folder. */
  readonly file: string;
  /** The name under which the module exports what the mutant replaces. */
  readonly replaces: string;
  readonly mutantOf: (original: never) => unknown;
  /** The invariant that has to catch it. */
  readonly caughtBy: string;
  /** What is fixed in the worlds in which it has to be caught. */
  readonly wanted?: Wanted;
}

/** @param bug with a mutant of the same type as its original */
function planted<T>(bug: PlantedBug & { readonly mutantOf: (original: T) => T }): PlantedBug {
  return bug;
}

const HOUR_MS = 3_600_000;
/** Wait before the first new trial of a stream that a player could not show, ms. Later trials wait longer and longer. */
const FIRST_TRIAL_MS = 3000;

/** Automatic failback, with a stable time that is so long that no failback is early by chance. */
const AUTOMATIC: Policies = {
  reactionTimeMs: 1000,
  bridgeAtOnce: true,
  failback: { mode: 'automatic', stableMs: 30_000, allowedLagMs: 3000 },
  hotStandbys: 'auto',
};

/** Mistakes that are easily made, and that nobody notices while nothing is wrong. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  planted({
    name: 'the retired player is forgotten',
    file: 'renderer/tile/covered-pictures.ts',
    replaces: 'CoveredPictures',
    mutantOf: (original: typeof CoveredPictures) =>
      class extends original {
        private lastRetired: number | null = null;

        override retire(playerId: number | null): void {
          super.retire(playerId);
          this.lastRetired = playerId;
        }

        override freeRetiring(): void {
          if (this.lastRetired !== null) this.forget(this.lastRetired);
          super.freeRetiring();
        }
      },
    caughtBy: 'twoPlayersAtMost',
  }),
  planted({
    name: 'a standby is shown with its first byte, before it presented',
    file: 'shared/selector/rules/observe.ts',
    replaces: 'observe',
    mutantOf:
      (original: typeof observe): typeof observe =>
      (draft, observation) =>
        original(
          draft,
          observation.type === 'progress' ? { ...observation, type: 'presented' } : observation,
        ),
    caughtBy: 'onlyPresentedIsShown',
  }),
  planted({
    name: 'evidence does not begin the stable time anew',
    file: 'shared/selector/standing.ts',
    replaces: 'withProof',
    mutantOf:
      (original: typeof withProof): typeof withProof =>
      (standing, channel, needed, nowMs, spreadMs) => {
        const proven = original(standing, channel, needed, nowMs, spreadMs);
        if (standing.kind !== 'suspect' || proven.kind !== 'validating') return proven;
        return { ...proven, sinceMs: nowMs - HOUR_MS, advancedMs: HOUR_MS };
      },
    caughtBy: 'failbackWaits',
    wanted: {
      // The invariant has to notice outages that are shorter than the Reaction Time.
      policies: { ...AUTOMATIC, reactionTimeMs: 3000 },
      faults: ['flapping, refused'],
      lastingMs: 60_000,
    },
  }),
  planted({
    name: 'a timer of the watch outlives its disposal',
    file: 'renderer/playback/proof-timer.ts',
    replaces: 'ProofTimer',
    mutantOf: (original: typeof ProofTimer) =>
      class extends original {
        override end(): void {}
      },
    caughtBy: 'nothingIsLeft',
  }),
  planted({
    name: 'a lost stream is not left while its picture still stands',
    file: 'shared/selector/rules/switching.ts',
    replaces: 'whileSwitching',
    mutantOf:
      (original: typeof whileSwitching): typeof whileSwitching =>
      (draft, phase) => {
        const isLost = draft.stream(phase.shown.streamId).standing.kind === 'lost';
        return isLost && phase.incoming.presentedAtMs !== null ? false : original(draft, phase);
      },
    caughtBy: 'standbyIsTaken',
    wanted: {
      policies: AUTOMATIC,
      faults: ['segments 404', 'refused', 'playlist stands'],
      lastingMs: 60_000,
    },
  }),
  planted({
    name: 'a failback that was undone is not damped',
    file: 'shared/selector/damping.ts',
    replaces: 'withUndone',
    mutantOf:
      (original: typeof withUndone): typeof withUndone =>
      (...what) => ({ ...original(...what), undone: 0 }),
    caughtBy: 'failbackWaits',
    wanted: {
      policies: { ...AUTOMATIC, failback: { ...AUTOMATIC.failback, stableMs: 2000 } },
      faults: ['flapping, refused'],
    },
  }),
  planted({
    name: 'a request that is given up is left to the gateway',
    file: 'renderer/playback/transport.ts',
    replaces: 'GatewayTransport',
    mutantOf: (original: typeof GatewayTransport) =>
      class extends original {
        constructor(clock: ConstructorParameters<typeof GatewayTransport>[0], gateway: SiteGateway) {
          super(clock, {
            playlist: (request) => gateway.playlist(request),
            media: (request) => gateway.media(request),
            cancel: () => {},
          });
        }
      },
    caughtBy: 'requestsEnd',
    wanted: { faults: ['silent'] },
  }),
  planted({
    name: 'a watch brings back what no player could show',
    file: 'shared/selector/standing.ts',
    replaces: 'withProof',
    mutantOf:
      (original: typeof withProof): typeof withProof =>
      (standing, channel, needed, nowMs, spreadMs) => {
        const isOwedPicture = standing.kind === 'lost' && standing.foundBy === 'player';
        const asked = isOwedPicture ? needed.filter((one) => one !== 'picture') : needed;
        return original(standing, channel, asked, nowMs, spreadMs);
      },
    caughtBy: 'redundancyIsTrue',
    wanted: { policies: AUTOMATIC, faults: ['other codec'], lastingMs: 120_000 },
  }),
  planted({
    name: 'trials of what no player can show are not damped',
    file: 'shared/selector/standing.ts',
    replaces: 'lost',
    mutantOf:
      (original: typeof lost): typeof lost =>
      (stream, evidence, foundBy, nowMs) => {
        const left = original(stream, evidence, foundBy, nowMs);
        if (foundBy !== 'player' || left.standing.kind !== 'lost') return left;
        return { ...left, standing: { ...left.standing, retryAtMs: nowMs + FIRST_TRIAL_MS } };
      },
    caughtBy: 'vainStartsAreDamped',
    wanted: { policies: AUTOMATIC, faults: ['other codec'], lastingMs: 120_000 },
  }),
  planted({
    name: 'a player that ages is left to itself',
    file: 'shared/selector/rules/renewal.ts',
    replaces: 'renew',
    mutantOf: (): typeof renew => () => false,
    caughtBy: 'ageingIsAnswered',
    wanted: { policies: AUTOMATIC, faults: ['media time jumps'] },
  }),
  planted({
    name: 'a watch asks as often as it likes',
    file: 'renderer/playback/playlist-asks.ts',
    replaces: 'PlaylistAsks',
    mutantOf: (original: typeof PlaylistAsks) =>
      class extends original {
        override waitMs(): number {
          return 0;
        }
      },
    caughtBy: 'streamsAreAskedSparingly',
    wanted: { policies: AUTOMATIC, faults: ['too slow', 'sessions end', 'answers late'] },
  }),
  planted({
    name: 'an edge that stands is called stalled before media was fetched',
    file: 'renderer/playback/pull-detection.ts',
    replaces: 'PullDetection',
    mutantOf: (original: typeof PullDetection) =>
      class extends original {
        override get isSelfDriven(): boolean {
          return !this.isPullDriven;
        }
      },
    caughtBy: 'onlyFaultsLoseStreams',
    wanted: { policies: AUTOMATIC, faults: ['no date-time'], sites: { sessions: 'pulled', watch: 'full' } },
  }),
  planted({
    name: 'a session that gave media is not believed before its live edge moves',
    file: 'renderer/playback/playlist-probe.ts',
    replaces: 'PlaylistProbe',
    mutantOf: (original: typeof PlaylistProbe) =>
      class extends original {
        override proveSession(): void {}
      },
    caughtBy: 'onlyFaultsLoseStreams',
    wanted: { policies: AUTOMATIC, faults: ['sessions end'], sites: { sessions: 'pulled', watch: 'full' } },
  }),
  planted({
    name: 'a light watch never rests',
    file: 'renderer/playback/light-rest.ts',
    replaces: 'LightRest',
    mutantOf: (original: typeof LightRest) =>
      class extends original {
        override isDue(): boolean {
          return false;
        }
      },
    caughtBy: 'lightStandbysRest',
    wanted: { policies: AUTOMATIC, faults: ['no date-time'], sites: { watch: 'light' } },
  }),
  planted({
    name: 'what one watch learns of its pace, all of them go by',
    file: 'renderer/playback/live-edge-pace.ts',
    replaces: 'LiveEdgePace',
    mutantOf: (original: typeof LiveEdgePace) => {
      const everybodys = new original();
      return class extends original {
        override moved(...move: Parameters<LiveEdgePace['moved']>): void {
          super.moved(...move);
          everybodys.moved(...move);
        }

        override dueAfterMs(...declared: Parameters<LiveEdgePace['dueAfterMs']>): number {
          return Math.max(super.dueAfterMs(...declared), everybodys.dueAfterMs(...declared));
        }
      };
    },
    caughtBy: 'tilesAreIndependent',
    wanted: { shares: 'nothing' },
  }),
];

/** The mutant that replaces `original`. @throws when there is no bug of that name */
export function mutantOf(name: string, original: unknown): unknown {
  const bug = PLANTED_BUGS.find((one) => one.name === name);
  if (bug === undefined) throw new Error(`there is no planted bug "${name}"`);
  return bug.mutantOf(original as never);
}
