import type { ConfigDraft } from '../../shared/config/config-draft.ts';
import type { ConfigClient, LoadedConfig, SaveResult } from '../settings/config-client.ts';

/** One site, one camera, one view. */
export const SMALL_DRAFT: ConfigDraft = {
  version: 1,
  sites: [{ id: 'north', name: 'North', baseUrl: 'http://north/', mainPath: '{camera}.m3u8' }],
  cameras: [{ id: 'gate', number: 1, name: 'Gate' }],
  views: [{ id: 'wall', name: 'Wall', columns: 1, rows: 1, cells: ['gate'] }],
  policies: {
    reactionTimeMs: 1000,
    bridgeAtOnce: true,
    failback: { mode: 'automatic', stableMs: 30_000, allowedLagMs: 3000 },
    hotStandbys: 'auto',
  },
};

/** A host that keeps its configuration in memory. */
export class FakeConfigHost implements ConfigClient {
  now: LoadedConfig = {
    draft: SMALL_DRAFT,
    revision: 'r1',
    path: '/config.json',
    source: 'own',
    access: 'writable',
    notice: null,
  };
  /** What the next saves are answered with, instead of being carried out. */
  answers: (SaveResult | Error)[] = [];
  saved: ConfigDraft[] = [];
  private listener: () => void = () => {};

  async load(): Promise<LoadedConfig> {
    return this.now;
  }

  async save(draft: ConfigDraft, revision: string): Promise<SaveResult> {
    const answer = this.answers.shift();
    if (answer instanceof Error) throw answer;
    if (answer !== undefined) return answer;
    if (revision !== this.now.revision) return { kind: 'conflict' };
    this.saved.push(draft);
    this.now = { ...this.now, draft, revision: `r${this.saved.length + 1}` };
    return { kind: 'saved', revision: this.now.revision };
  }

  async startFrom(source: 'demo' | 'own'): Promise<void> {
    this.now = { ...this.now, source, revision: source };
  }

  onChanged(listener: () => void): () => void {
    this.listener = listener;
    return () => {};
  }

  /** Somebody else writes a configuration. */
  changeOnDisk(name: string): void {
    const sites = SMALL_DRAFT.sites.map((site) => ({ ...site, name }));
    this.now = { ...this.now, draft: { ...SMALL_DRAFT, sites }, revision: `disk ${name}` };
    this.listener();
  }
}
