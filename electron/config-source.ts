import type { Session } from '../shared/bridge.ts';
import type { Config, Site } from '../shared/config.ts';
import type { DemoFault, DemoSite } from '../shared/demo.ts';
import { demoConfig } from './demo/demo-config.ts';
import { type DemoChild, DemoSupervisor } from './demo-supervisor.ts';
import { RestartBudget } from './restart-budget.ts';

/** Where the configuration comes from: a file, or the demo. */
export interface ConfigSource {
  /** Resolves once the configuration is known; rejects, in words, when it will not be. */
  current(): Promise<{ readonly config: Config; readonly source: Session['source'] }>;
  /** Rejects where no demo runs. */
  setFault(siteId: string, fault: DemoFault): Promise<DemoSite[]>;
  dispose(): void;
}

/** @param path the file's absolute path, as the operator is shown it */
export function fileSource(path: string, config: Config): ConfigSource {
  return {
    current: async () => ({ config, source: { kind: 'file', path } }),
    setFault: async () => {
      throw new Error(`no demo is running: the sites come from ${path}`);
    },
    dispose: () => {},
  };
}

type DemoState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly config: Config }
  | { readonly kind: 'given-up'; readonly reason: string };

const DEMO_RESTARTS = { limit: 3, windowMs: 60_000 } as const;

/** Starts the demo at once. */
export function demoSource(options: {
  readonly fork: () => DemoChild;
  /** Told at each start of the demo: the sites may be at new addresses. */
  readonly onSites: (sites: readonly Site[]) => void;
  readonly onChanged: (sites: DemoSite[]) => void;
  readonly log: (message: string) => void;
}): ConfigSource {
  let state: DemoState = { kind: 'starting' };
  const waiting: (() => void)[] = [];
  const enter = (next: DemoState): void => {
    state = next;
    for (const tell of waiting.splice(0)) tell();
  };

  const supervisor = new DemoSupervisor({
    fork: options.fork,
    restarts: new RestartBudget({ ...DEMO_RESTARTS, nowMs: () => performance.now() }),
    onReady: (sites) => {
      const config = demoConfig(sites);
      options.onSites(config.sites);
      enter({ kind: 'running', config });
    },
    onChanged: options.onChanged,
    onGivenUp: (reason) => {
      options.log(reason);
      enter({ kind: 'given-up', reason });
    },
    log: options.log,
  });
  supervisor.start();

  return {
    current: async () => {
      if (state.kind === 'starting') await new Promise<void>((resolve) => waiting.push(resolve));
      if (state.kind !== 'running') throw new Error(reasonOf(state));
      return { config: state.config, source: { kind: 'demo', sites: supervisor.sites } };
    },
    setFault: (siteId, fault) => supervisor.setFault(siteId, fault),
    dispose: () => supervisor.dispose(),
  };
}

function reasonOf(state: DemoState): string {
  return state.kind === 'given-up' ? state.reason : 'the demo sites did not start';
}
