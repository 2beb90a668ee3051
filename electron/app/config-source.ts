import type { Session } from '../../shared/bridge.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Config, Site } from '../../shared/config/config.ts';
import type { DemoFault, DemoLatency, DemoSite } from '../../shared/demo.ts';
import { demoConfig } from '../demo/demo-config.ts';
import type { DemoSiteAddress } from '../demo/demo-protocol.ts';
import type { ConfigStore, SaveResult, StoredConfig } from '../host/config-store.ts';
import { type DemoChild, DemoSupervisor } from './demo-supervisor.ts';

/** The configuration in use, and whether a window may change it. */
export interface CurrentConfig extends StoredConfig {
  readonly source: Session['source'];
}

/** Where the configuration comes from: a file, or the demo. */
export interface ConfigSource {
  /** Resolves once the configuration is known; rejects, with a message, when there will be none. */
  current(): Promise<CurrentConfig>;
  /** @param basedOn the revision that the configuration was made from */
  save(config: Config, basedOn: string): Promise<SaveResult>;
  /** Rejects where no demo runs. */
  setFault(siteId: string, fault: DemoFault): Promise<DemoSite[]>;
  /** The configuration changes. Rejects where no demo runs. */
  setLatency(latency: DemoLatency): Promise<void>;
  dispose(): void;
}

/** @param onChanged called when the store's state has changed */
export function storeSource(store: ConfigStore, onChanged: () => void): ConfigSource {
  const unsubscribe = store.subscribe(onChanged);
  return {
    current: async () => ({ ...store.state, source: { kind: 'file', path: store.path } }),
    save: (config, basedOn) => store.save(config, basedOn),
    setFault: async () => {
      throw new Error(`no demo is running: the sites come from ${store.path}`);
    },
    setLatency: async () => {
      throw new Error(`no demo is running: the sites come from ${store.path}`);
    },
    dispose: () => {
      unsubscribe();
      store.dispose();
    },
  };
}

/** Only the demo itself changes its configuration: it has no revisions. */
const DEMO_REVISION = 'demo';
const DEMO_NOTICE = 'The demo cannot be changed. Start a configuration of your own instead.';

type DemoState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly addresses: readonly DemoSiteAddress[]; readonly config: Config }
  | { readonly kind: 'down'; readonly reason: string };

/** Starts the demo immediately. */
export function demoSource(options: {
  readonly fork: () => DemoChild;
  /** Called at each start of the demo: the sites may have new addresses. */
  readonly onSites: (sites: readonly Site[]) => void;
  readonly onChanged: (sites: DemoSite[]) => void;
  readonly log: (message: string) => void;
  readonly clock?: Clock;
}): ConfigSource {
  let state: DemoState = { kind: 'starting' };
  let latency: DemoLatency = 'plain';
  const waiting: (() => void)[] = [];
  const enter = (next: DemoState): void => {
    state = next;
    for (const tell of waiting.splice(0)) tell();
  };

  const supervisor = new DemoSupervisor({
    fork: options.fork,
    onReady: (addresses) => {
      const config = demoConfig(addresses, latency);
      options.onSites(config.sites);
      enter({ kind: 'running', addresses, config });
    },
    onChanged: options.onChanged,
    onDown: (reason) => {
      options.log(reason);
      enter({ kind: 'down', reason });
    },
    log: options.log,
    ...(options.clock && { clock: options.clock }),
  });
  supervisor.start();

  return {
    current: async () => {
      if (state.kind === 'starting') await new Promise<void>((resolve) => waiting.push(resolve));
      if (state.kind !== 'running') throw new Error(reasonOf(state));
      return {
        found: 'configuration',
        config: state.config,
        revision: DEMO_REVISION,
        access: 'read-only',
        notice: DEMO_NOTICE,
        source: { kind: 'demo', sites: supervisor.sites, latency },
      };
    },
    save: async () => ({ kind: 'refused', message: DEMO_NOTICE }),
    setFault: (siteId, fault) => supervisor.setFault(siteId, fault),
    setLatency: async (wanted) => {
      latency = wanted;
      if (state.kind === 'running') enter({ ...state, config: demoConfig(state.addresses, latency) });
    },
    dispose: () => supervisor.dispose(),
  };
}

function reasonOf(state: DemoState): string {
  return state.kind === 'down' ? state.reason : 'the demo sites did not start';
}
