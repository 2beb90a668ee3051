import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../shared/config/config.ts';
import type { ConfigDraft, DraftCredentials } from '../../shared/config/config-draft.ts';
import { draftFromForm } from './draft-from-form.ts';
import { emptyForm, formFromDraft } from './form-from-draft.ts';

const EXAMPLE: ConfigDraft = configSchema.parse(
  JSON.parse(readFileSync(new URL('../../build/example-config.json', import.meta.url), 'utf8')),
);

describe('formFromDraft and draftFromForm', () => {
  it('return the same configuration', () => {
    expect(draftFromForm(formFromDraft(EXAMPLE))).toEqual(EXAMPLE);
  });

  it('keep a site in maintenance and a camera that changes over from a frozen picture', () => {
    const draft: ConfigDraft = {
      ...EXAMPLE,
      sites: EXAMPLE.sites.map((site) => ({ ...site, maintenance: true })),
      cameras: EXAMPLE.cameras.map((camera) => ({ ...camera, onFrozen: 'change-over' })),
    };
    expect(draftFromForm(formFromDraft(draft))).toEqual(draft);
  });

  it('keep further addresses and a light watch', () => {
    const draft: ConfigDraft = {
      ...EXAMPLE,
      sites: EXAMPLE.sites.map((site) => ({
        ...site,
        furtherAddresses: [
          { baseUrl: 'https://node-2.example.com/', sendLogin: true },
          { baseUrl: 'https://cdn.example.com/', sendLogin: false },
        ],
        watch: 'light',
      })),
    };
    expect(draftFromForm(formFromDraft(draft))).toEqual(draft);
  });

  it('keep cameras whose ids are the names at their servers, under keys that can be part of element ids', () => {
    const ids = ['site/cam 1', 'site', 'Tor 3 (Süd)', 'カメラ', '__proto__', 'constructor'];
    const draft: ConfigDraft = {
      ...EXAMPLE,
      cameras: ids.map((id, number) => ({ id, number, name: id, streams: { south: { main: 'x.m3u8' } } })),
      views: [{ id: 'all', name: 'All', columns: 3, rows: 2, cells: ids }],
    };
    const form = formFromDraft(draft);
    expect(draftFromForm(form)).toEqual(draft);
    expect(draftFromForm(formFromDraft(draft, form))).toEqual(draft);
    const keys = form.cameras.map(({ key }) => key);
    expect(new Set(keys).size).toBe(ids.length);
    for (const key of keys) expect(key).toMatch(/^[^\s/]+$/);
  });

  it('leave a kept secret with the host', () => {
    const [site, ...rest] = EXAMPLE.sites;
    if (site === undefined) throw new Error('the example has sites');
    const draft: ConfigDraft = {
      ...EXAMPLE,
      sites: [{ ...site, credentials: { type: 'bearer', token: { kept: true } } }, ...rest],
    };
    expect(draftFromForm(formFromDraft(draft)).sites[0]?.credentials).toEqual({
      type: 'bearer',
      token: { kept: true },
    });
  });

  it.each([
    { request: 'json', sendAs: 'bearer' },
    { request: 'json', userField: 'user', sendAs: 'bearer' },
    { request: 'password-grant', tokenField: 'data.token', sendAs: { query: 'key' } },
  ] as const)('keep a login for a token: %o', (how) => {
    const credentials: DraftCredentials = {
      type: 'session',
      loginPath: 'api/login',
      username: 'wall',
      password: { env: 'NORTH_PASSWORD' },
      ...how,
    };
    const draft: ConfigDraft = { ...EXAMPLE, sites: EXAMPLE.sites.map((site) => ({ ...site, credentials })) };
    expect(draftFromForm(formFromDraft(draft))).toEqual(draft);
  });

  it('keep the keys of items that the known form contains', () => {
    const first = formFromDraft(EXAMPLE);
    const known = { ...first, sites: first.sites.map((site) => ({ ...site, key: `mine-${site.id}` })) };
    const again = formFromDraft(EXAMPLE, known);
    expect(again.sites.map(({ key }) => key)).toEqual(['mine-north', 'mine-south']);
    expect(again.cameras[1]?.siteOrder).toEqual(['mine-south', 'mine-north']);
    expect(draftFromForm(again)).toEqual(EXAMPLE);
  });
});

describe('draftFromForm', () => {
  it('converts seconds to milliseconds without a rounding error', () => {
    const form = emptyForm();
    const draft = draftFromForm({ ...form, policies: { ...form.policies, stableTime: '1,005' } });
    expect(draft.policies.failback.stableMs).toBe(1005);
  });

  it('keeps text that is not a number as it was typed', () => {
    const form = emptyForm();
    const draft = draftFromForm({ ...form, policies: { ...form.policies, reactionTime: '1 s' } });
    expect(draft.policies.reactionTimeMs).toBe('1 s');
  });

  it('leaves out cells outside of a smaller view, and has them again when the view grows', () => {
    const form = formFromDraft(EXAMPLE);
    const narrow = { ...form, views: form.views.map((view) => ({ ...view, columns: 1 })) };
    expect(draftFromForm(narrow).views[0]?.cells).toEqual(['gate-1', 'platform']);
    const wide = { ...narrow, views: narrow.views.map((view) => ({ ...view, columns: 2 })) };
    expect(draftFromForm(wide).views).toEqual(EXAMPLE.views);
  });
});
