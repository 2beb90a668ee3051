import type { EventName, EventPayload } from '../shared/bridge.ts';
import { type Config, publicConfig } from '../shared/config.ts';
import { demoSource, fileSource } from './config-source.ts';
import type { DemoChild } from './demo-supervisor.ts';
import { createGateway, type Gateway } from './host/gateway.ts';
import { openJournal } from './host/journal.ts';
import type { RequestHandlers } from './ipc-gate.ts';

/** The requests that only a shell can answer: they are about its windows. */
type ShellRequest = 'power.setPlaying' | 'window.setFullscreen';

/** The host of a running Holdfast, the same under every shell. */
export interface Application {
  readonly gateway: Gateway;
  readonly handlers: Omit<RequestHandlers, ShellRequest>;
  /** In the order in which they have to end: the demo, the gateway, the journal. */
  readonly endings: readonly (() => void | Promise<void>)[];
}

export interface ApplicationOptions {
  readonly version: string;
  /** The configuration and the file that it came from; `null` runs the demo. */
  readonly opened: { readonly path: string; readonly config: Config } | null;
  readonly forkDemo: () => DemoChild;
  readonly journalFolder: string;
  /** What the operator is told at the top of the window. */
  readonly notices: readonly string[];
  /** Tells every window. */
  readonly emit: <N extends EventName>(name: N, payload: EventPayload<N>) => void;
  readonly log: (message: string) => void;
}

/** Starts the demo first, where there is one, because its start takes the longest: the pictures wait for it. */
export function createApplication(options: ApplicationOptions): Application {
  const { opened, journalFolder, log } = options;
  const gateway = createGateway({ sites: opened?.config.sites ?? [] });
  const source =
    opened === null
      ? demoSource({
          fork: options.forkDemo,
          onSites: (sites) => gateway.update(sites),
          onChanged: (sites) => options.emit('demo.changed', sites),
          log,
        })
      : fileSource(opened.path, opened.config);
  const journal = openJournal({
    directory: journalFolder,
    onError: log,
    onRecovered: (lost) => log(`the journal is written again; entries lost meanwhile: ${lost}`),
  });
  return {
    gateway,
    handlers: {
      'session.get': async () => {
        const { config, source: from } = await source.current();
        return {
          version: options.version,
          source: from,
          config: publicConfig(config),
          notices: [...options.notices],
          journalPath: journalFolder,
        };
      },
      'gateway.cancel': ({ requestId }) => {
        gateway.cancel(requestId);
      },
      'journal.append': (entry) => {
        const result = journal.append(entry);
        if (result.kind === 'refused') throw new Error(result.message);
      },
      'journal.recent': ({ limit }) => journal.recent(limit),
      'demo.setFault': ({ siteId, fault }) => source.setFault(siteId, fault),
    },
    endings: [() => source.dispose(), () => gateway.dispose(), () => journal.close()],
  };
}
