import type { RequestOutput } from '../../shared/bridge.ts';
import type { Clock } from '../../shared/clock.ts';
import { type Config, configSchema, type PublicConfig, publicConfig } from '../../shared/config/config.ts';
import { applyDraft, type ConfigDraft, draftOf } from '../../shared/config/config-draft.ts';
import { configIssues } from '../../shared/config/config-issues.ts';
import type { DemoFault, DemoLatency, DemoSite } from '../../shared/demo.ts';
import {
  type ConfigPlace,
  type ConfigStore,
  createConfigStore,
  openConfigStore,
} from '../host/config-store.ts';
import type { Gateway } from '../host/gateway.ts';
import { secretIssues } from '../host/secret-issues.ts';
import { SiteRoutes } from '../host/site-routes.ts';
import { systemClock } from '../host/system-clock.ts';
import { type ConfigSource, type CurrentConfig, demoSource, storeSource } from './config-source.ts';
import type { DemoChild } from './demo-supervisor.ts';

export interface ConfigurationOptions {
  /** The own configuration, already open; `null` begins with the demo. */
  readonly opened: ConfigStore | null;
  /** Where the own configuration is, or will be. */
  readonly place: ConfigPlace;
  readonly gateway: Pick<Gateway, 'update'>;
  readonly forkDemo: () => DemoChild;
  readonly onDemoChanged: (sites: DemoSite[]) => void;
  /** Called when the configuration, or the message about it, has changed. */
  readonly onChanged: (change: { readonly config: PublicConfig; readonly revision: string }) => void;
  readonly log: (message: string) => void;
  readonly clock?: Clock;
}

/**
 * The configuration in use, from the file or the demo, and the gateway that follows it. One source is active at a time;
 * another one replaces it only once it has a configuration.
 */
export class Configuration {
  private readonly options: ConfigurationOptions;
  private readonly routes: SiteRoutes;
  private active: ConfigSource;
  private activeKind: 'demo' | 'own';
  private starting: Promise<void> = Promise.resolve();

  constructor(options: ConfigurationOptions) {
    this.options = options;
    this.routes = new SiteRoutes(options.clock ?? systemClock, () => this.serve());
    if (options.opened === null) {
      this.activeKind = 'demo';
      this.active = this.demo();
    } else {
      this.activeKind = 'own';
      this.active = this.own(options.opened);
      this.follow(options.opened.state.config);
    }
  }

  /** Rejects, with a message, when there is no configuration. */
  current(): Promise<CurrentConfig> {
    return this.active.current();
  }

  /** The part of a configuration that windows may see. */
  publicPart(config: Config): PublicConfig {
    return publicConfig(config, (siteId) => this.routes.routeOf(siteId));
  }

  async get(): Promise<RequestOutput<'config.get'>> {
    const { config, revision, access, notice, source } = await this.current();
    const path = source.kind === 'file' ? source.path : 'the demo with two embedded sites';
    return { config: draftOf(config), revision, path, access, notice };
  }

  /** Checks a draft and makes it the configuration, or reports what is wrong with it. */
  async save(draft: ConfigDraft, revision: string): Promise<RequestOutput<'config.save'>> {
    const source = this.active;
    const previous = (await source.current()).config;
    const applied = applyDraft(draft, previous);
    const checked = configSchema.safeParse(applied);
    if (!checked.success) return { kind: 'invalid', issues: configIssues(checked.error, applied) };
    const issues = secretIssues(draft, previous);
    if (issues.length > 0) return { kind: 'invalid', issues };
    return source.save(checked.data, revision);
  }

  /**
   * Changes to the demo, or to the own configuration, which begins empty. Rejects, with a message, when that fails;
   * then nothing changes.
   */
  startFrom(kind: 'demo' | 'own'): Promise<void> {
    const started = this.starting.then(() => this.startInTurn(kind));
    this.starting = started.catch(() => {});
    return started;
  }

  /** Rejects where no demo runs. */
  setFault(siteId: string, fault: DemoFault): Promise<DemoSite[]> {
    return this.active.setFault(siteId, fault);
  }

  /** Changes the demo's configuration to the streams of the other latency. Rejects where no demo runs. */
  async setLatency(latency: DemoLatency): Promise<void> {
    const source = this.active;
    await source.setLatency(latency);
    if (this.active !== source) return;
    this.follow((await source.current()).config);
    await this.tell();
  }

  /** Makes the windows ask for the configuration and its message again. Rejects where there is no configuration. */
  announce(): Promise<void> {
    return this.tell();
  }

  dispose(): void {
    this.active.dispose();
    this.routes.dispose();
  }

  private async startInTurn(kind: 'demo' | 'own'): Promise<void> {
    if (kind === this.activeKind) return;
    const next = kind === 'demo' ? this.demo() : this.own(await this.openOwn());
    let config: Config;
    try {
      const { found, notice, config: ready } = await next.current();
      if (found === 'nothing' && notice !== null) throw new Error(notice);
      config = ready;
    } catch (error) {
      next.dispose();
      throw error;
    }
    this.active.dispose();
    this.active = next;
    this.activeKind = kind;
    this.follow(config);
    await this.tell();
  }

  private async openOwn(): Promise<ConfigStore> {
    const options = { ...this.options.place, log: this.options.log };
    const opened = await openConfigStore(options);
    switch (opened.kind) {
      case 'opened':
        return opened.store;
      case 'absent':
        return createConfigStore(options);
    }
  }

  private own(store: ConfigStore): ConfigSource {
    const source = storeSource(store, () => {
      if (this.active !== source) return;
      this.follow(store.state.config);
      void this.tell();
    });
    return source;
  }

  private demo(): ConfigSource {
    const { forkDemo, onDemoChanged, log } = this.options;
    const source: ConfigSource = demoSource({
      fork: forkDemo,
      // After a restart of the demo its sites may have other addresses; for the tiles they remain the same sites.
      onSites: (sites) => {
        if (this.active !== source) return;
        this.routes.relocate(sites);
        this.serve();
      },
      onChanged: onDemoChanged,
      log,
    });
    return source;
  }

  private follow(config: Config): void {
    this.routes.update(config.sites);
    this.serve();
  }

  private serve(): void {
    this.options.gateway.update(this.routes.served);
  }

  private async tell(): Promise<void> {
    const { config, revision } = await this.current();
    this.options.onChanged({ config: this.publicPart(config), revision });
  }
}
