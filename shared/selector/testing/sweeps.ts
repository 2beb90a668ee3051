import type { EvidenceCause } from '../../cause.ts';
import { initialState } from '../selector.ts';
import type { Observation, TileState } from '../types.ts';
import { attemptsOf } from '../wake.ts';
import { COARSE_FORMAT, COARSE_MS, type Memory } from './coarse-state.ts';
import { type PolicyChanges, planned, policiesWith } from './fake-tile.ts';
import type { Move, Sweep } from './state-space.ts';

const FIRST = 'north/main';
const SECOND = 'south/main';
const IDS = [FIRST, SECOND];
/** Longer than what counts as a local gap, ms. */
const GAP_MS = 2 * COARSE_MS;

/** All observations of one kind that a state allows. */
type Alphabet = (state: TileState) => readonly Move[];

const at = (name: string, ...observations: Observation[]): Move => ({ name, afterMs: 0, observations });
const playlist = (streamId: string): Observation => ({ type: 'proof', streamId, channel: 'playlist' });
const media = (streamId: string): Observation => ({ type: 'proof', streamId, channel: 'media' });
const evidence = (
  { lastStepMs: sinceMs }: TileState,
  streamId: string,
  channel: 'playlist' | 'media',
  cause: EvidenceCause,
): Observation => ({ type: 'evidence', streamId, evidence: { channel, cause, sinceMs } });
const shownPlayer = ({ phase }: TileState): number | null =>
  'shown' in phase && phase.shown !== null ? phase.shown.playerId : null;

const time: Alphabet = () => [
  { name: 'time', afterMs: COARSE_MS, observations: [{ type: 'tick', localHour: 12 }] },
];

/** Streams that are wholly alive, or refused. */
const upAndDown =
  (...ids: readonly string[]): Alphabet =>
  (state) =>
    ids.flatMap((id) => [
      at(`${id} is alive`, playlist(id), media(id)),
      at(`${id} is refused`, evidence(state, id, 'playlist', 'refused')),
    ]);

const alive =
  (id: string): Alphabet =>
  () => [at(`${id} is alive`, playlist(id), media(id))];

/** Every proof by itself, and evidence of every class on both of a watch's channels. */
const channelByChannel =
  (...ids: readonly string[]): Alphabet =>
  (state) =>
    ids.flatMap((id) => [
      at(`${id} moves`, playlist(id)),
      at(`${id} has media`, media(id)),
      at(`${id} is refused`, evidence(state, id, 'playlist', 'refused')),
      at(`${id} is stalled`, evidence(state, id, 'playlist', 'stalled')),
      at(`${id} has no media`, evidence(state, id, 'media', 'http-404')),
    ]);

const players: Alphabet = ({ phase }) =>
  attemptsOf(phase).flatMap(({ playerId, streamId }) => [
    at(`${streamId} presents`, { type: 'presented', playerId }),
    at(`the player of ${streamId} fails`, { type: 'player-failed', playerId, cause: 'decode' }),
  ]);

const progress: Alphabet = ({ phase }) =>
  attemptsOf(phase).map(({ playerId, streamId }) =>
    at(`the player of ${streamId} loads`, { type: 'progress', playerId }),
  );

const picture: Alphabet = (state) => {
  const playerId = shownPlayer(state);
  if (playerId === null) return [];
  return [
    at('the picture stops', { type: 'picture-stalls', playerId, sinceMs: state.lastStepMs }),
    at('the picture moves', { type: 'picture-moves', playerId }),
  ];
};

const shownFails: Alphabet = (state) => {
  const playerId = shownPlayer(state);
  return playerId === null
    ? []
    : [at('the shown player fails', { type: 'player-failed', playerId, cause: 'decode' })];
};

/** Every player may age: the shown one and the others. */
const ageing: Alphabet = (state) => {
  const playerIds = [shownPlayer(state), ...attemptsOf(state.phase).map(({ playerId }) => playerId)];
  return playerIds.flatMap((playerId) =>
    playerId === null ? [] : [at(`player ${playerId} ages`, { type: 'player-ageing', playerId })],
  );
};

/** What is found in a stream's media: that it cannot be shown here, or has another format. */
const formats =
  (streamId: string): Alphabet =>
  (state) => [
    at(`${streamId} cannot be shown`, evidence(state, streamId, 'media', 'no-video')),
    ...[COARSE_FORMAT, 'another'].map((format) =>
      at(`${streamId} is of ${format} format`, { type: 'proof', streamId, channel: 'media', format }),
    ),
  ];

const buffer: Alphabet = (state) => {
  const playerId = shownPlayer(state);
  if (playerId === null) return [];
  return [
    at('the buffer is low', { type: 'buffer', playerId, aheadMs: 500, low: true }),
    at('the buffer is full', { type: 'buffer', playerId, aheadMs: 6000, low: false }),
  ];
};

const hot: Alphabet = ({ hotStandby }) => [
  at('hot standby', { type: 'hot-allowance', allowed: hotStandby === 'withheld' }),
];

const machine: Alphabet = (state) => [
  at('machine', { type: 'machine', machine: state.machine === 'free' ? 'starved' : 'free' }),
];

/** `thin-link` may come again while the link is thin: each time the tile has to settle. */
const link: Alphabet = () =>
  (['thin-link', 'free'] as const).map((value) => at(value, { type: 'machine', machine: value }));

const verdicts =
  (...ids: readonly string[]): Alphabet =>
  ({ lastStepMs: sinceMs }) =>
    ids.flatMap((streamId) =>
      (['frozen', 'moving'] as const).map((verdict) =>
        at(`${streamId} is ${verdict}`, { type: 'picture-verdict', streamId, verdict, sinceMs }),
      ),
    );

const localFaults: Alphabet = ({ phase }) => [
  at(phase.kind === 'suspended' ? 'resume' : 'suspend', {
    type: phase.kind === 'suspended' ? 'resume' : 'suspend',
  }),
  { name: 'a local gap', afterMs: GAP_MS, observations: [{ type: 'tick', localHour: 12 }] },
];

const operator: Alphabet = () => [at('return', { type: 'return' })];

const plans: Alphabet = () => [
  at('both in service', { type: 'plan', streams: planned(IDS), cause: 'priority-changed' }),
  at('north in maintenance', { type: 'plan', streams: planned(IDS, ['north']), cause: 'priority-changed' }),
  at('the other order', { type: 'plan', streams: planned([SECOND, FIRST]), cause: 'priority-changed' }),
  at('the second alone', { type: 'plan', streams: planned([SECOND]), cause: 'quality' }),
];

const policyEdits: Alphabet = ({ policies }) => [
  at('policies', { type: 'policies', policies: { ...policies, bridgeAtOnce: !policies.bridgeAtOnce } }),
];

/** Whatever is wrong is over: both streams are alive and in service in their first order, and every player presents. */
function heal({ phase, streams, machine, lastStepMs: sinceMs }: TileState): Move {
  const planIsFirst = IDS.every((id, rank) => streams[rank]?.id === id && streams[rank].duty === 'service');
  const observations: Observation[] = [{ type: phase.kind === 'suspended' ? 'resume' : 'return' }];
  if (machine !== 'free') observations.push({ type: 'machine', machine: 'free' });
  if (!planIsFirst) observations.push({ type: 'plan', streams: planned(IDS), cause: 'priority-changed' });
  for (const { id: streamId, verdict } of streams) {
    observations.push(playlist(streamId), media(streamId));
    if (verdict !== null)
      observations.push({ type: 'picture-verdict', streamId, verdict: 'moving', sinceMs });
  }
  if ('shown' in phase && phase.shown !== null) {
    const { playerId, low, stalled } = phase.shown;
    if (low) observations.push({ type: 'buffer', playerId, aheadMs: 6000, low: false });
    if (stalled) observations.push({ type: 'picture-moves', playerId });
  }
  for (const { playerId } of attemptsOf(phase)) observations.push({ type: 'presented', playerId });
  return { name: 'all is well', afterMs: COARSE_MS, observations };
}

/** Both healthy, the first one shown, and nothing left that would change it. */
function showsFirst({ phase, streams }: TileState): boolean {
  return (
    phase.kind === 'showing' &&
    phase.shown.streamId === FIRST &&
    streams.every(({ standing }) => standing.kind === 'healthy')
  );
}

function sweep(policies: PolicyChanges, memory: Memory, alphabets: readonly Alphabet[]): Sweep {
  const coarse = { tickMs: COARSE_MS, reactionTimeMs: COARSE_MS, ...policies };
  const start = initialState(
    planned(IDS),
    policiesWith({ ...coarse, failback: { stableMs: COARSE_MS, ...policies.failback } }),
    0,
    0,
  );
  return {
    start: { ...start, localHour: 12 },
    memory,
    movesFrom: (state) => alphabets.flatMap((alphabet) => alphabet(state)),
    heal,
    isHome: showsFirst,
  };
}

const AFRESH: Memory = { failures: false, trouble: false };
const OUTAGES = [time, upAndDown(...IDS), players];

/** Sweeps in every run of the tests. */
export const QUICK_SWEEPS: Readonly<Record<string, Sweep>> = {
  outages: sweep({}, AFRESH, OUTAGES),
  'flapping and damping': sweep({}, { ...AFRESH, trouble: true }, OUTAGES),
  'the first stream, channel by channel': sweep({}, AFRESH, [
    ...[time, channelByChannel(FIRST), upAndDown(SECOND), players],
  ]),
  'slow players': sweep({}, AFRESH, [...OUTAGES, progress]),
  'the picture': sweep({}, AFRESH, [...OUTAGES, picture, shownFails]),
  'a first stream that no player may show, the second stream alive': sweep(
    {},
    { ...AFRESH, failures: true },
    [...[time, alive(FIRST), alive(SECOND), players, formats(FIRST)]],
  ),
  'players that age': sweep({}, AFRESH, [...OUTAGES, ageing]),
  'hot standbys': sweep({}, AFRESH, [...OUTAGES, hot]),
  'frozen pictures of the first stream': sweep({ onFrozen: 'change-over' }, AFRESH, [
    ...OUTAGES,
    verdicts(FIRST),
  ]),
  'a low buffer and a starved machine, the second stream alive': sweep({}, AFRESH, [
    ...[time, upAndDown(FIRST), alive(SECOND), players, picture, buffer, machine],
  ]),
  'local faults': sweep({}, AFRESH, [...OUTAGES, localFaults]),
  'a thin link, the second stream alive': sweep({}, AFRESH, [
    ...[time, upAndDown(FIRST), alive(SECOND), players, picture, link],
  ]),
  'returns by hand': sweep({ failback: { mode: 'manual' } }, AFRESH, [...OUTAGES, operator]),
  'edited plans': sweep({}, AFRESH, [...OUTAGES, plans]),
  'edited policies, the second stream alive': sweep({}, AFRESH, [
    ...[time, upAndDown(FIRST), alive(SECOND), players, picture, policyEdits],
  ]),
};

/** Larger sweeps, in a run on request only. */
export const DEEP_SWEEPS: Readonly<Record<string, Sweep>> = {
  'players that fail, with their backoff': sweep({}, { ...AFRESH, failures: true }, OUTAGES),
  'flapping and damping, with backoff': sweep({}, { failures: true, trouble: true }, OUTAGES),
  'both streams, channel by channel': sweep({}, AFRESH, [time, channelByChannel(...IDS), players]),
  'frozen pictures of both streams': sweep({ onFrozen: 'change-over' }, AFRESH, [
    ...OUTAGES,
    verdicts(...IDS),
  ]),
  'a low buffer and a starved machine': sweep({}, AFRESH, [...OUTAGES, picture, buffer, machine]),
  'a thin link': sweep({}, AFRESH, [...OUTAGES, picture, link]),
  'hot standbys, pictures and local faults': sweep({}, AFRESH, [...OUTAGES, hot, picture, localFaults]),
};
