import { describe, expect, it } from 'vitest';
import { FakeConfigHost } from '../testing/fake-config-host.ts';
import { emptyForm } from './form-from-draft.ts';
import { createSettingsStore, issuesOf, type SettingsStore } from './settings-store.ts';

async function opened(host = new FakeConfigHost()): Promise<{ host: FakeConfigHost; store: SettingsStore }> {
  const store = createSettingsStore(host, emptyForm());
  await store.getState().load();
  return { host, store };
}

function rename(store: SettingsStore, name: string): void {
  store.getState().edit({ kind: 'site-edited', key: 'site:north', change: { name } });
}

describe('apply', () => {
  it('saves the draft, and what was saved is the new base', async () => {
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

  it('saves nothing while something is wrong', async () => {
    const { host, store } = await opened();
    rename(store, '');
    await store.getState().apply();
    expect(host.saved).toEqual([]);
    expect(issuesOf(store.getState()).map(({ field }) => field)).toEqual(['sites/site:north/name']);
  });

  it('shows at the field what only the host found, until the next edit', async () => {
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
  it('is taken over at once where nothing was edited', async () => {
    const { host, store } = await opened();
    host.changeOnDisk('Theirs');
    await store.getState().hostChanged();
    expect(store.getState().form.sites[0]?.name).toBe('Theirs');
  });

  it('is asked about where something was', async () => {
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

  it('takes the place of the draft when the admin chooses it', async () => {
    const { host, store } = await opened();
    rename(store, 'Mine');
    host.changeOnDisk('Theirs');
    await store.getState().hostChanged();
    await store.getState().takeTheirs();
    expect(store.getState()).toMatchObject({ question: { kind: 'none' }, changes: [] });
    expect(store.getState().form.sites[0]?.name).toBe('Theirs');
  });

  it('is told what is new about it where it is still the same, and keeps the draft', async () => {
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

  it('leaves the word of the own save, which the host tells as well', async () => {
    const { store } = await opened();
    rename(store, 'Nord');
    await store.getState().apply();
    await store.getState().hostChanged();
    expect(store.getState().outcome).toEqual({ kind: 'saved' });
  });
});

it.each([{ source: 'demo' }, { access: 'read-only' }] as const)('edits nothing with %o', async (how) => {
  const host = new FakeConfigHost();
  host.now = { ...host.now, ...how };
  const { store } = await opened(host);
  rename(store, 'Nord');
  expect(store.getState().changes).toEqual([]);
});

it('reverts to what the host has', async () => {
  const { store } = await opened();
  rename(store, '');
  store.getState().revert();
  expect(store.getState()).toMatchObject({ changes: [], check: { kind: 'valid' } });
});

it('opens what was added', async () => {
  const { store } = await opened();
  store.getState().add({ kind: 'camera-added' });
  expect(store.getState().open.cameras).toBe(store.getState().form.cameras.at(-1)?.key);
});

it('says why the configuration could not be loaded', async () => {
  const host = new FakeConfigHost();
  host.load = () => Promise.reject(new Error('no answer'));
  const { store } = await opened(host);
  expect(store.getState().loading).toEqual({ kind: 'failed', message: 'no answer' });
});
