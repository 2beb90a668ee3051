import type { Alarm } from '../../../shared/alarms/alarm.ts';
import type { Camera, PublicConfig } from '../../../shared/config/config.ts';
import { EMPTY_SNAPSHOT, type StreamLine, type TileSnapshot } from '../../stores/tile-snapshot.ts';

/** A tile as it stands in one state, with a camera of its own. */
export interface SampleTile {
  readonly title: string;
  readonly camera: Camera;
  readonly snapshot: TileSnapshot;
  readonly alarm: Alarm | null;
}

const MAIN = { id: 'main', name: 'Main', rank: 0, quality: 'main' } as const;
const BACKUP = { id: 'backup', name: 'Backup', rank: 1, quality: 'main' } as const;

const NAMES: Readonly<Record<string, string>> = {
  long: 'Loading bay of the northern distribution centre, ramp 14 to ramp 22, from above',
};

/** Of today, because an alarm of another day is told with its day. */
const AT = today(14, 3, 12);

const SHOWN = stream('main', { role: 'shown' });
const STANDBY = stream('backup', {});

const WELL: TileSnapshot = {
  ...EMPTY_SNAPSHOT,
  phase: 'showing',
  site: MAIN,
  live: true,
  hasPicture: true,
  redundancy: 'ok',
  streams: [SHOWN, STANDBY],
  reaction: '2 s segments: a silent stop is noticed after 3.0 s, changed by 4.0 s',
  longestGapMs: 67,
  lastChange: { atMs: Date.parse(AT), words: 'first picture, from Main', gapMs: null },
};
const MAIN_LOST = stream('main', { state: 'lost', words: 'since 14:03:12: did not answer' });
const ON_BACKUP: TileSnapshot = {
  ...WELL,
  site: BACKUP,
  words: 'On Backup: Main did not answer 14:03:12',
  redundancy: 'none',
  streams: [MAIN_LOST, stream('backup', { role: 'shown' })],
  lastChange: { atMs: Date.parse(AT), words: 'Main to Backup: Main did not answer', gapMs: 134 },
};
const RETURNING: TileSnapshot = {
  ...ON_BACKUP,
  redundancy: 'ok',
  words: 'On Backup: Main is back, steady for 12 of 30 s',
  streams: [
    stream('main', { state: 'validating', words: 'back, steady for 12 s' }),
    stream('backup', { role: 'shown' }),
  ],
};

/** Every state that a tile can be seen in, by its camera's id. */
export const SAMPLE_TILES: readonly SampleTile[] = [
  sample('starting', 'Starting', { ...EMPTY_SNAPSHOT, words: 'Connecting to Main and Backup' }),
  sample(
    'no-picture-yet',
    'No picture yet',
    {
      ...EMPTY_SNAPSHOT,
      missesPicture: true,
      words: 'No picture yet: Main sends H.265, which this workstation cannot show; Backup answered 503',
      streams: [
        stream('main', {
          state: 'lost',
          words: 'since 14:03:12: sends H.265, which this workstation cannot show',
        }),
        stream('backup', { state: 'lost', words: 'since 14:03:12: answered 503' }),
      ],
    },
    { alarm: 'no-video', stream: 'main/main', cause: 'codec-h265' },
  ),
  sample('well', 'Showing', WELL),
  sample('single', 'One site only', { ...WELL, redundancy: 'single', streams: [SHOWN] }),
  sample('thin-link', 'Thin link: the sub-stream', {
    ...WELL,
    site: { ...MAIN, quality: 'sub' },
    isHeldToSub: true,
  }),
  sample('no-time', 'No processor time for low latency', { ...WELL, isRelaxed: true }),
  sample('switching', 'Changing over', {
    ...WELL,
    phase: 'switching',
    words: 'Main did not answer: changing over to Backup',
    streams: [
      stream('main', { role: 'shown', state: 'lost', words: MAIN_LOST.words }),
      stream('backup', { role: 'incoming' }),
    ],
  }),
  sample('backup', 'On the backup, without a standby', ON_BACKUP, {
    alarm: 'changed-over',
    stream: 'main/main',
    cause: 'timeout',
    shown: 'backup/main',
  }),
  sample('returning', 'The first site is back', RETURNING, {
    alarm: 'changed-over',
    state: 'acknowledged',
    stream: 'main/main',
    cause: 'timeout',
    shown: 'backup/main',
  }),
  sample('offer', 'Return by hand', {
    ...RETURNING,
    words: 'On Backup: Main is back, steady for 45 s',
    offerReturn: { siteName: 'Main' },
  }),
  sample('changing-back', 'Returning', { ...RETURNING, phase: 'switching', words: 'Returning to Main' }),
  sample('was-lost', 'Back, and not acknowledged', WELL, {
    alarm: 'changed-over',
    state: 'returned-unacknowledged',
    stream: 'main/main',
    cause: 'timeout',
    shown: 'main/main',
    returnedAt: AT,
  }),
  sample(
    'no-redundancy',
    'No redundancy',
    {
      ...WELL,
      redundancy: 'none',
      words: 'No standby: Backup refused the connection',
      streams: [SHOWN, stream('backup', { state: 'lost', words: 'since 14:03:12: refused the connection' })],
    },
    { alarm: 'no-redundancy', stream: 'backup/main', cause: 'refused' },
  ),
  sample('comes-and-goes', 'Redundancy comes and goes', WELL, {
    alarm: 'no-redundancy',
    stream: 'backup/main',
    cause: 'refused',
    count: 12,
    comesAndGoes: {
      since: today(13, 40, 0),
      toldAt: today(13, 41, 0),
      turns: 12,
      stoodMs: 90_000,
      longestMs: 9000,
    },
  }),
  sample(
    'frozen',
    'Frozen picture',
    {
      ...WELL,
      live: false,
      pictureFault: 'frozen',
      words: 'Picture frozen since 14:03:12, Backup’s copy moves',
    },
    { alarm: 'frozen', stream: 'main/main', cause: 'frozen' },
  ),
  sample(
    'black',
    'Black picture',
    {
      ...WELL,
      live: false,
      pictureFault: 'black',
      words: 'Picture black since 14:03:12, Backup’s copy is not',
    },
    { alarm: 'black', stream: 'main/main', cause: 'black' },
  ),
  sample(
    'holding',
    'No video: the last picture is held',
    {
      ...ON_BACKUP,
      phase: 'holding',
      live: false,
      lastPictureAgeS: 83,
      words: 'No video: Main and Backup did not answer',
      streams: [MAIN_LOST, stream('backup', { state: 'lost', words: 'since 14:03:12: did not answer' })],
    },
    { alarm: 'no-video', stream: 'backup/main', cause: 'timeout' },
  ),
  sample('suspended', 'Paused with its window', {
    ...WELL,
    phase: 'suspended',
    live: false,
    lastPictureAgeS: 5,
    words: 'Paused with this window',
  }),
  sample('held-up', 'Held up by this workstation', {
    ...WELL,
    phase: 'suspended',
    live: false,
    isHeldUp: true,
    lastPictureAgeS: 4,
    words: 'Held up by this workstation',
  }),
  sample('long', 'The longest words', {
    ...ON_BACKUP,
    words:
      'On Backup: Main is back, steady for 12 of 600 s, longer because it came and went, but its picture is 7 s older than it used to be, or its clock was set',
  }),
];

export const CONFIG: PublicConfig = {
  version: 1,
  sites: [
    { id: 'main', name: 'Main' },
    { id: 'backup', name: 'Backup' },
  ],
  cameras: SAMPLE_TILES.map(({ camera }) => camera),
  views: [{ id: 'states', name: 'States', columns: 1, rows: 1, cells: [] }],
  policies: {
    reactionTimeMs: 1000,
    bridgeAtOnce: true,
    hotStandbys: 'auto',
    failback: { mode: 'automatic', stableMs: 30_000, allowedLagMs: 3000 },
  },
};

export const FIRST_SITE = { id: MAIN.id, name: MAIN.name };

/** The alarms of all states. */
export const ALARMS: readonly Alarm[] = SAMPLE_TILES.flatMap(({ alarm }) => alarm ?? []);

/** @throws where no state has this camera's id */
export function sampleTile(id: string): SampleTile {
  const found = SAMPLE_TILES.find(({ camera }) => camera.id === id);
  if (found === undefined) throw new Error(`no sample tile has the id "${id}"`);
  return found;
}

function sample(
  id: string,
  title: string,
  snapshot: TileSnapshot,
  alarm?: Partial<Alarm> & Pick<Alarm, 'alarm'>,
): SampleTile {
  const camera = { id, number: id === 'long' ? 999_999 : 101, name: NAMES[id] ?? 'Main gate' };
  return { title, camera, snapshot, alarm: alarm === undefined ? null : alarmOf(id, alarm) };
}

function alarmOf(camera: string, alarm: Partial<Alarm> & Pick<Alarm, 'alarm'>): Alarm {
  return {
    id: `${alarm.alarm} ${camera}`,
    state: 'unacknowledged',
    place: { view: 'States', tile: 1, camera },
    firstAt: AT,
    lastAt: AT,
    count: 1,
    stream: null,
    shown: null,
    cause: null,
    returnedAt: null,
    comesAndGoes: null,
    ...alarm,
  };
}

function stream(siteId: 'main' | 'backup', line: Partial<StreamLine>): StreamLine {
  return {
    streamId: `${siteId}/main`,
    siteName: siteId === 'main' ? 'Main' : 'Backup',
    quality: 'main',
    state: 'healthy',
    role: 'standby',
    words: 'answers, live edge moving',
    lightWatch: null,
    ...line,
  };
}

/** A time of this day, in this workstation's zone, as the journal writes it. */
function today(hour: number, minute: number, second: number): string {
  const time = new Date();
  time.setHours(hour, minute, second, 0);
  return time.toISOString();
}
