import { describe, expect, it } from 'vitest';
import type { ConfigDraft } from '../../shared/config/config-draft.ts';
import type { ConfigClient, LoadedConfig, SaveResult } from './config-client.ts';
import { emptyForm } from './form-from-draft.ts';
import { createSettingsStore, issuesOf, type SettingsStore } from './settings-store.ts';

const DRAFT: ConfigDraft = {
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

/** A host in memory. */
class FakeHost implements ConfigClient {
  now: LoadedConfig = {
    draft: DRAFT,
    revision: 'r1',
    path: '/config.json',
    source: 'own',
    access: 'writable',
    notice: null,
  };
  /** Answers to the next saves, which are then not carried out. */
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

  /** Another program writes a configuration. */
  changeOnDisk(name: string): void {
    const sites = DRAFT.sites.map((site) => ({ ...site, name }));
    this.now = { ...this.now, draft: { ...DRAFT, sites }, revision: `disk ${name}` };
    this.listener();
  }
}

async function opened(host = new FakeHost()): Promise<{ host: FakeHost; store: SettingsStore }> {
  const store = createSettingsStore(host, emptyForm());
  await store.getState().load();
  return { host, store };
}

function rename(store: SettingsStore, name: string): void {
  store.getState().edit({ kind: 'site-edited', key: 'site:north', change: { name } });
}

describe('apply', () => {
  it('saves the draft, which becomes the new base', async () => {
    const { host, store } = await opened();
    rename(store, 'Nord');
    expect(store.getState().changes).toEqual(['Nord: name']);
    await store.getState().apply();
    expect(host.saved.map(({ sites }) => sites[0]?.name)).toEqual(['Nord']);
    expect(store.getState()).toMatchObject({ changes: [], outcome: { kind: 'saved' } });
    rename(store, 'Norden');
    await store.getState().apply();
    expect(host.saved).toHaveLength(2);
  });

  it('saves nothing while a field has a fault', async () => {
    const { host, store } = await opened();
    rename(store, '');
    await store.getState().apply();
    expect(host.saved).toEqual([]);
    expect(issuesOf(store.getState()).map(({ field }) => field)).toEqual(['sites/site:north/name']);
  });

  it('shows a fault that only the host found at its field, until the next edit', async () => {
    const { host, store } = await opened();
    rename(store, 'Nord');
    host.answers = [{ kind: 'invalid', issues: [{ path: ['sites', 0, 'baseUrl'], message: 'is refused' }] }];
    await store.getState().apply();
    expect(issuesOf(store.getState())).toMatchObject([
      { field: 'sites/site:north/baseUrl', message: 'Is refused.' },
    ]);
    rename(store, 'Norden');
    expect(issuesOf(store.getState())).toEqual([]);
  });

  it.each([
    ['refuses', { kind: 'refused', message: 'the disk is full' } as const],
    ['fails', new Error('the disk is full')],
  ])('keeps the draft when the host %s, and says why', async (_how, answer) => {
    const { host, store } = await opened();
    rename(store, 'Nord');
    host.answers = [answer];
    await store.getState().apply();
    expect(store.getState()).toMatchObject({
      outcome: { kind: 'failed', message: 'the disk is full' },
      changes: ['Nord: name'],
    });
  });
});

describe('a configuration that was changed on the disk', () => {
  it('replaces the form at once where nothing was edited', async () => {
    const { host, store } = await opened();
    host.changeOnDisk('Theirs');
    await store.getState().hostChanged();
    expect(store.getState().form.sites[0]?.name).toBe('Theirs');
  });

  it('leads to a question where something was edited', async () => {
    const { host, store } = await opened();
    rename(store, 'Mine');
    host.changeOnDisk('Theirs');
    await store.getState().hostChanged();
    expect(store.getState()).toMatchObject({ question: { kind: 'conflict' }, changes: ['Mine: name'] });
  });

  it('is never overwritten before the admin has chosen the draft', async () => {
    const { host, store } = await opened();
    rename(store, 'Mine');
    host.changeOnDisk('Theirs');
    await store.getState().apply();
    expect(store.getState().question.kind).toBe('conflict');
    expect(host.saved).toEqual([]);
    await store.getState().keepMine();
    expect(store.getState().base.sites[0]?.name).toBe('Theirs');
    await store.getState().apply();
    expect(host.saved.map(({ sites }) => sites[0]?.name)).toEqual(['Mine']);
  });

  it('replaces the draft when the admin chooses it', async () => {
    const { host, store } = await opened();
    rename(store, 'Mine');
    host.changeOnDisk('Theirs');
    await store.getState().hostChanged();
    await store.getState().takeTheirs();
    expect(store.getState()).toMatchObject({ question: { kind: 'none' }, changes: [] });
    expect(store.getState().form.sites[0]?.name).toBe('Theirs');
  });

  it('shows a new notice where the configuration itself is the same, and keeps the draft', async () => {
    const { host, store } = await opened();
    rename(store, 'Mine');
    host.now = { ...host.now, notice: 'The file cannot be written.' };
    await store.getState().hostChanged();
    expect(store.getState()).toMatchObject({
      loaded: { notice: 'The file cannot be written.' },
      question: { kind: 'none' },
      changes: ['Mine: name'],
    });
  });

  it('does not remove the message of a save by this window, which the host reports too', async () => {
    const { store } = await opened();
    rename(store, 'Nord');
    await store.getState().apply();
    await store.getState().hostChanged();
    expect(store.getState().outcome).toEqual({ kind: 'saved' });
  });
});

it.each([{ source: 'demo' }, { access: 'read-only' }] as const)('edits nothing with %o', async (how) => {
  const host = new FakeHost();
  host.now = { ...host.now, ...how };
  const { store } = await opened(host);
  rename(store, 'Nord');
  expect(store.getState().changes).toEqual([]);
});

it('reverts to the configuration of the host', async () => {
  const { store } = await opened();
  rename(store, '');
  store.getState().revert();
  expect(store.getState()).toMatchObject({ changes: [], check: { kind: 'valid' } });
});

it('opens an item that was added', async () => {
  const { store } = await opened();
  store.getState().add({ kind: 'camera-added' });
  expect(store.getState().open.cameras).toBe(store.getState().form.cameras.at(-1)?.key);
});

it('says why the configuration could not be loaded', async () => {
  const host = new FakeHost();
  host.load = () => Promise.reject(new Error('no answer'));
  const { store } = await opened(host);
  expect(store.getState().loading).toEqual({ kind: 'failed', message: 'no answer' });
});
