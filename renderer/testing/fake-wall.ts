import { readFileSync } from 'node:fs';
import type { Alarm, AlarmReport } from '../../shared/alarms/alarm.ts';
import { reportAlarm } from '../../shared/alarms/alarm-list.ts';
import { type Config, configSchema, type PublicConfig, publicConfig } from '../../shared/config/config.ts';
import type { HotAllotment } from '../../shared/hot-allotment.ts';
import type { JournalEntry } from '../../shared/journal/journal-entry.ts';
import type { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { LinkMeter } from '../playback/link-meter.ts';
import { PictureSampler } from '../playback/picture-sampler.ts';
import { SiteBudget } from '../playback/site-budget.ts';
import type { Pictures } from '../tile/picture-stack.ts';
import { TileEngine } from '../tile/tile-engine.ts';
import { Disposals } from '../window/disposals.ts';
import { HotStandbys } from '../window/hot-standbys.ts';
import { LinkWatch } from '../window/link-watch.ts';
import { LocalSilence } from '../window/local-silence.ts';
import { Precautions } from '../window/precautions.ts';
import { RunningLog } from '../window/running-log.ts';
import type { TileServices } from '../window/tile-services.ts';
import { WallDiagnostics } from '../window/wall-diagnostics.ts';
import { WallRedraw } from '../window/wall-redraw.ts';
import { FakePlayer } from './fake-player.ts';
import { FakeSite } from './fake-site.ts';
import { FakeWindow } from './fake-window.ts';

const MEDIA = new Uint8Array(
  readFileSync(new URL('../../shared/media/fixtures/h264-aac.ts', import.meta.url)),
);

/** The pictures on the screen of one fake tile. */
class FakePictures implements Pictures {
  top: FakePlayer | 'still' | null = null;
  private covered: FakePlayer | null = null;

  add(): void {}

  raise(video: HTMLVideoElement): void {
    this.top = (video as unknown as { player: FakePlayer }).player;
  }

  holdStill(video: HTMLVideoElement): boolean {
    this.covered = (video as unknown as { player: FakePlayer }).player;
    this.top = 'still';
    return true;
  }

  dropStill(): void {
    if (this.top === 'still')
      throw new Error(`the still of ${this.covered?.stream.id} went with nothing above it`);
  }

  /** Removes the still together with its tile. */
  clear(): void {
    this.top = null;
  }
}

/** One tile with the real engine and the real watches, over fake sites and players, under virtual time. */
export class FakeWall {
  readonly clock: VirtualClock;
  readonly sites: Readonly<Record<string, FakeSite>>;
  readonly players: FakePlayer[] = [];
  readonly journal: JournalEntry[] = [];
  /** The alarms as the host would keep them. */
  alarmList: readonly Alarm[] = [];
  readonly pictures = new FakePictures();
  readonly diagnostics = new WallDiagnostics(() => this.linkMeter.bytes());
  /** What the host allots in its next answer. */
  allotted: HotAllotment = { allowed: {}, machine: 'free', latency: 'low' };
  /** The host's answer about the workstation's network. */
  network: 'up' | 'none' = 'up';
  readonly linkMeter: LinkMeter;
  readonly engine: TileEngine;
  private config: PublicConfig;

  /** @param window shared with other tiles where there are any */
  constructor(
    policies: Partial<Config['policies']> = {},
    siteIds: readonly string[] = ['main', 'backup'],
    private readonly window = new FakeWindow(),
  ) {
    this.clock = window.clock;
    this.linkMeter = new LinkMeter(this.clock);
    this.sites = Object.fromEntries(siteIds.map((id) => [id, new FakeSite(this.clock, 1000, MEDIA)]));
    const config = configSchema.parse({
      version: 1,
      sites: siteIds.map((id) => ({
        id,
        name: id[0]?.toUpperCase() + id.slice(1),
        baseUrl: `http://127.0.0.1/${id}/`,
        mainPath: '{camera}/index.m3u8',
      })),
      cameras: [{ id: 'gate', number: 1, name: 'Gate' }],
      views: [{ id: 'wall', name: 'Wall', columns: 1, rows: 1, cells: ['gate'] }],
      policies,
    });
    const camera = config.cameras[0];
    if (camera === undefined) throw new Error('the fake wall has one camera');
    this.config = publicConfig(config);
    this.engine = new TileEngine(
      this.config,
      camera,
      { tile: 1, view: 'Wall', wanted: 'main' },
      this.services(),
    );
  }

  site(id: string): FakeSite {
    const site = this.sites[id];
    if (site === undefined) throw new Error(`the fake wall has no site "${id}"`);
    return site;
  }

  start(): void {
    this.engine.start(this.pictures);
  }

  stop(): void {
    this.pictures.clear();
    this.engine.stop();
  }

  /** Edits the configuration as the host would report it. */
  edit(change: (config: PublicConfig) => PublicConfig): void {
    this.config = change(this.config);
    this.engine.updateConfig(this.config);
  }

  setSuspended(...suspension: Parameters<FakeWindow['setSuspended']>): void {
    this.window.setSuspended(...suspension);
  }

  /** Players that were not disposed. */
  running(): FakePlayer[] {
    return this.players.filter(({ disposed }) => !disposed);
  }

  changes(): Extract<JournalEntry, { kind: 'change' }>[] {
    return this.journal.flatMap((entry) => (entry.kind === 'change' ? [entry] : []));
  }

  alarms(): string[] {
    return this.journal.flatMap((entry) => (entry.kind === 'alarm' ? [entry.alarm] : []));
  }

  private takeAlarm(report: AlarmReport): void {
    const { alarms, entries } = reportAlarm(this.alarmList, report);
    this.alarmList = alarms;
    this.journal.push(...entries);
  }

  private services(): TileServices {
    const { clock } = this;
    return {
      clock,
      // A site with a new address has another name (`main~2`), but is the same site here.
      transportTo: (site) => this.site(site.replace(/~.*/, '')),
      createPlayer: (stream, options, report) => {
        const player = new FakePlayer(stream, options, report, clock, this.site(stream.siteId));
        this.players.push(player);
        if (this.running().length > 2) throw new Error('more than two players at once');
        return player;
      },
      pictureSampler: new PictureSampler(
        clock,
        (callback) => clock.after(16, callback),
        (video) => Promise.resolve((video as unknown as { player: FakePlayer }).player.luma()),
      ),
      canShow: () => true,
      random: () => 0.5,
      tileCount: () => 1,
      siteBudget: new SiteBudget(
        clock,
        () => 1,
        () => 0.5,
      ),
      startTurns: this.window.startTurns,
      precautions: new Precautions(2),
      disposals: new Disposals(clock),
      redraw: new WallRedraw(clock),
      journal: (entry) => this.journal.push(entry),
      diagnostics: this.diagnostics,
      log: new RunningLog({ clock, printed: [], print: async () => {} }),
      linkMeter: this.linkMeter,
      linkWatch: new LinkWatch({ clock, meter: this.linkMeter, alarm: (report) => this.takeAlarm(report) }),
      hotStandbys: new HotStandbys({ clock, random: () => 0.5, allot: async () => this.allotted }),
      localSilence: new LocalSilence({
        clock,
        alarm: (report) => this.takeAlarm(report),
        network: async () => this.network,
      }),
      selectedTile: () => null,
      alarm: (report) => this.takeAlarm(report),
      activity: this.window.activity,
    };
  }
}
