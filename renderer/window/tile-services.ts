import { createContext } from 'react';
import type { AlarmReport } from '../../shared/alarms/alarm.ts';
import type { Clock } from '../../shared/clock.ts';
import type { ChangeEntry } from '../../shared/journal/journal-entry.ts';
import type { LogTopic } from '../../shared/running-log.ts';
import type { BridgeClient } from '../bridge/bridge-client.ts';
import { browserCanShow, type CanShow } from '../playback/can-show.ts';
import { CatchUpTurns } from '../playback/catch-up-turns.ts';
import { createHlsPlayerFactory } from '../playback/hls-player.ts';
import { LargeMedia } from '../playback/large-media.ts';
import { LinkMeter } from '../playback/link-meter.ts';
import { createLumaReader } from '../playback/luma-reader.ts';
import { nextIdleMoment, PictureSampler } from '../playback/picture-sampler.ts';
import type { PlayerFactory } from '../playback/player.ts';
import { PollLimit } from '../playback/poll-limit.ts';
import { SiteBudget } from '../playback/site-budget.ts';
import { systemClock } from '../playback/system-clock.ts';
import { GatewayTransport, gatewayOf, type HostGateway, type Transport } from '../playback/transport.ts';
import { Disposals } from './disposals.ts';
import { HostActivity, type Suspension } from './host-activity.ts';
import { HotStandbys } from './hot-standbys.ts';
import { LinkWatch } from './link-watch.ts';
import { LocalSilence } from './local-silence.ts';
import { Precautions } from './precautions.ts';
import { RunningLog } from './running-log.ts';
import { StartTurns } from './start-turns.ts';
import { WallDiagnostics } from './wall-diagnostics.ts';
import { WallRedraw } from './wall-redraw.ts';

/** Everything that a tile needs from outside, so that tests can replace it. */
export interface TileServices {
  readonly clock: Clock;
  /** @param site the gateway's name of the site */
  readonly transportTo: (site: string) => Transport;
  readonly createPlayer: PlayerFactory;
  readonly canShow: CanShow;
  /** One for all tiles of the window. */
  readonly pictureSampler: PictureSampler;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Number of tiles on the wall: the spread of a failback grows with it (rule 8). */
  readonly tileCount: () => number;
  /** Shared by all tiles of the window (rule 12). */
  readonly siteBudget: SiteBudget;
  readonly startTurns: StartTurns;
  readonly precautions: Precautions;
  readonly disposals: Disposals;
  readonly redraw: WallRedraw;
  readonly journal: (entry: ChangeEntry) => void;
  /** Reports to the host, which keeps the alarms and journals them. */
  readonly alarm: (report: AlarmReport) => void;
  readonly activity: Activity;
  readonly diagnostics: WallDiagnostics;
  readonly log: RunningLog;
  readonly hotStandbys: HotStandbys;
  readonly localSilence: LocalSilence;
  readonly linkMeter: LinkMeter;
  readonly linkWatch: LinkWatch;
  /** Number of the selected tile of this window, counted from 1. */
  readonly selectedTile: () => number | null;
}

/** Whether there is a local fault (rule 10): window hidden, machine suspended, host blocked. */
export interface Activity {
  /** `null` while there is none. */
  suspension(): Suspension | null;
  subscribe(listener: () => void): () => void;
}

export const TileServicesContext = createContext<TileServices | null>(null);

/** The services of a window, over its bridge to the host. */
export function createTileServices(deps: {
  readonly bridge: BridgeClient;
  /** What is printed of what the window does. */
  readonly logTopics: readonly LogTopic[];
  readonly tileCount: () => number;
  readonly selectedTile: () => number | null;
}): TileServices {
  const { bridge } = deps;
  const polls = new PollLimit(
    { playlist: (request) => bridge.request('gateway.playlist', request) },
    systemClock,
  );
  const large = new LargeMedia(
    {
      begin: (request) => bridge.request('gateway.media', request),
      rest: (requestId) => bridge.request('gateway.mediaRest', { requestId }),
    },
    systemClock,
  );
  const linkMeter = new LinkMeter(systemClock);
  const log = new RunningLog({
    clock: systemClock,
    printed: deps.logTopics,
    print: (lines) => bridge.request('log.print', lines),
  });
  const gateway = log.ofGateway({
    playlist: async (request) => {
      const answer = await polls.playlist(request);
      if (answer.kind === 'text') linkMeter.answered(request.site);
      return answer;
    },
    media: (request) => large.media(request),
    // Only spares the host work: whether it arrives changes nothing in the tile.
    cancel: (requestId) => {
      large.cancel(requestId);
      bridge.request('gateway.cancel', { requestId }).catch(() => {});
    },
  });
  const alarm = (report: AlarmReport): void => {
    bridge.request('alarms.report', report).catch((error: unknown) => console.error('alarms:', error));
  };
  const probes: HostGateway = {
    ...gateway,
    playlist: async (request) => {
      const answer = await gateway.playlist(request);
      if (answer.kind === 'text') linkMeter.count('probe', answer.text.length);
      return answer;
    },
  };
  const { hardwareConcurrency: cores } = navigator;
  const catchUpTurns = new CatchUpTurns(systemClock, cores);
  const startTurns = new StartTurns(systemClock, cores);
  const linkWatch = new LinkWatch({ clock: systemClock, meter: linkMeter, alarm });
  return {
    clock: systemClock,
    transportTo: (site) => new GatewayTransport(systemClock, gatewayOf(probes, site)),
    createPlayer: createHlsPlayerFactory({
      clock: systemClock,
      catchUpTurns,
      gateway,
      linkMeter,
      canShow: browserCanShow,
    }),
    canShow: browserCanShow,
    pictureSampler: new PictureSampler(systemClock, nextIdleMoment, createLumaReader()),
    random: Math.random,
    tileCount: deps.tileCount,
    siteBudget: new SiteBudget(systemClock, deps.tileCount, Math.random),
    startTurns,
    precautions: new Precautions(cores),
    disposals: new Disposals(systemClock),
    redraw: new WallRedraw(systemClock),
    selectedTile: deps.selectedTile,
    journal: (entry) => {
      bridge.request('journal.append', entry).catch((error: unknown) => console.error('journal:', error));
    },
    alarm,
    activity: new HostActivity(bridge, systemClock, alarm),
    diagnostics: new WallDiagnostics(() => linkMeter.bytes()),
    log,
    hotStandbys: new HotStandbys({
      clock: systemClock,
      random: Math.random,
      allot: (report) => bridge.request('standbys.allot', report),
      onMachine: (machine) => {
        catchUpTurns.setMachine(machine);
        startTurns.setMachine(machine);
        linkWatch.setMachine(machine);
      },
    }),
    linkMeter,
    linkWatch,
    localSilence: new LocalSilence({
      clock: systemClock,
      alarm,
      network: () => bridge.request('host.network', undefined),
    }),
  };
}
