import { availableParallelism, userInfo } from 'node:os';
import path from 'node:path';
import type { EventName, EventPayload } from '../../shared/bridge.ts';
import type { LogTopic } from '../../shared/running-log.ts';
import { openAlarms } from '../host/alarms.ts';
import type { ConfigPlace, ConfigStore } from '../host/config-store.ts';
import { answerPlaylist, MediaAnswers } from '../host/gateway/bridge-answer.ts';
import { loginProblems, type SecretEnvironment } from '../host/gateway/site-credentials.ts';
import { createGateway, type Gateway } from '../host/gateway.ts';
import { HotAllotter } from '../host/hot-allotter.ts';
import { openJournal } from '../host/journal.ts';
import { exportJournal } from '../host/journal-export.ts';
import { measureMachineLoad } from '../host/machine-load.ts';
import { networkState } from '../host/network-state.ts';
import { PageReports } from '../host/page-reports.ts';
import { systemClock } from '../host/system-clock.ts';
import { Configuration } from './configuration.ts';
import type { DemoChild } from './demo-supervisor.ts';
import type { RequestHandlers } from './ipc-gate.ts';

/** Requests about windows, which only the shell can answer. */
type ShellRequest = 'settings.open' | 'power.setPlaying' | 'window.setFullscreen';

/** The host of a running Holdfast, the same in every shell. */
export interface Application {
  readonly gateway: Gateway;
  readonly handlers: Omit<RequestHandlers, ShellRequest>;
  /** Shows the operator a message at the top of the window; it replaces the one before. */
  readonly notify: (words: string) => void;
  /** In the order in which they end: the demo, the gateway, the alarms, the journal. */
  readonly endings: readonly (() => void | Promise<void>)[];
}

export interface ApplicationOptions {
  readonly version: string;
  /** The values of secrets that the configuration only names. */
  readonly environment: SecretEnvironment;
  /** The own configuration; `null` runs the demo. */
  readonly opened: ConfigStore | null;
  /** Where the own configuration is, or will be once the demo is left. */
  readonly configPlace: ConfigPlace;
  readonly forkDemo: () => DemoChild;
  readonly journalFolder: string;
  /** The folder for exports of the journal. */
  readonly exportFolder: string;
  /** Messages at the top of the window, beside those about the configuration. */
  readonly notices: readonly string[];
  /** Sends an event to every window. */
  readonly emit: <N extends EventName>(name: N, payload: EventPayload<N>) => void;
  readonly log: (message: string) => void;
  /** The topics that windows print (`--log`). */
  readonly logTopics: readonly LogTopic[];
}

/** If there is a demo, it starts first, because its start takes the longest and the pictures wait for it. */
export function createApplication(options: ApplicationOptions): Application {
  const { journalFolder, log } = options;
  const gateway = createGateway({ sites: [], environment: options.environment });
  const media = new MediaAnswers(gateway);
  const configuration = new Configuration({
    opened: options.opened,
    place: options.configPlace,
    gateway,
    forkDemo: options.forkDemo,
    onDemoChanged: (sites) => options.emit('demo.changed', sites),
    onChanged: (change) => options.emit('config.changed', change),
    log,
  });
  const journal = openJournal({
    directory: journalFolder,
    onError: log,
    onRecovered: (lost) => log(`the journal is written again; entries lost meanwhile: ${lost}`),
    onHealth: (health) => options.emit('journal.healthChanged', health),
  });
  const alarms = openAlarms({
    file: path.join(journalFolder, 'alarms.json'),
    user: userName(),
    onEntry: (entry) => journal.append(entry),
    onChanged: (list) => options.emit('alarms.changed', [...list]),
    log,
  });
  const reports = new PageReports();
  const hot = new HotAllotter({
    clock: systemClock,
    load: measureMachineLoad(),
    cores: availableParallelism(),
  });
  let message: string | null = null;
  return {
    gateway,
    notify: (words) => {
      message = words;
      configuration.announce().catch((error: Error) => log(`the window cannot be told: ${error.message}`));
    },
    handlers: {
      'session.get': async () => {
        const { found, config, source, notice } = await configuration.current();
        // Alarms are compared with the configuration's cameras only once it is known.
        if (found === 'configuration')
          await alarms.use(
            source.kind === 'demo' ? 'demo' : source.path,
            config.cameras.map(({ id }) => id),
          );
        reports.use(config);
        const alarmsNotice = alarms.notice();
        return {
          version: options.version,
          source,
          config: configuration.publicPart(config),
          problem: found === 'nothing' ? notice : null,
          notices: [
            // The latest message comes first.
            ...(message === null ? [] : [message]),
            // The demo's notice, that it cannot be changed, is left out: the bar says that this is the demo.
            ...(notice === null || source.kind === 'demo' || found === 'nothing' ? [] : [notice]),
            ...loginProblems(config.sites, options.environment),
            ...(alarmsNotice === null ? [] : [alarmsNotice]),
            ...options.notices,
          ],
          journalPath: journalFolder,
          log: [...options.logTopics],
        };
      },
      'standbys.allot': async (report) => {
        const { config } = await configuration.current();
        const limits = new Map(config.sites.map(({ id, hotStandbyLimit }) => [id, hotStandbyLimit]));
        return hot.report(report, {
          mode: config.policies.hotStandbys,
          siteLimit: (siteId) => limits.get(siteId),
        });
      },
      'host.ping': () => {},
      'host.network': () => networkState(),
      'config.get': () => configuration.get(),
      'config.save': ({ draft, revision }) => configuration.save(draft, revision),
      'config.startFrom': async ({ kind }) => {
        await configuration.startFrom(kind);
      },
      'gateway.playlist': (request) => answerPlaylist(gateway, request),
      'gateway.media': (request) => media.begin(request),
      'gateway.mediaRest': ({ requestId }) => media.rest(requestId),
      'gateway.cancel': ({ requestId }) => {
        gateway.cancel(requestId);
      },
      'journal.append': (entry) => {
        const result = journal.append(reports.change(entry));
        if (result.kind === 'refused') throw new Error(result.message);
      },
      'journal.recent': ({ limit, filter }) => journal.recent(limit, filter),
      'journal.health': () => journal.health(),
      'journal.export': async ({ format, filter }) => {
        const exportOptions = { format, now: new Date() };
        return exportJournal(options.exportFolder, journal.all(filter), exportOptions);
      },
      'log.print': (lines) => {
        if (options.logTopics.length > 0) for (const line of lines) log(line);
      },
      'alarms.list': () => [...alarms.list()],
      'alarms.report': (report) => {
        alarms.report(reports.alarm(report));
      },
      'alarms.acknowledge': (seen) => {
        alarms.acknowledge(seen);
      },
      'demo.setFault': ({ siteId, fault }) => configuration.setFault(siteId, fault),
      'demo.setLatency': async ({ latency }) => {
        await configuration.setLatency(latency);
      },
    },
    endings: [
      () => configuration.dispose(),
      () => gateway.dispose(),
      () => alarms.close(),
      () => journal.close(),
    ],
  };
}

/** The name of the user, as far as the system knows it. */
function userName(): string {
  try {
    return userInfo().username || 'operator';
  } catch {
    // A container's user may have a number and no name.
    return 'operator';
  }
}
