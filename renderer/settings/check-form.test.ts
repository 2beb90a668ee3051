import { describe, expect, it } from 'vitest';
import { checkForm } from './check-form.ts';
import { type Edit, editForm } from './edit-form.ts';
import type { ConfigForm, SiteForm } from './form.ts';
import { emptyForm, NO_CREDENTIALS } from './form-from-draft.ts';

/** One site `new:1`, one camera `new:2` and one view `new:3`, all of them valid. */
const GOOD = edited(
  emptyForm(),
  { kind: 'site-added' },
  { kind: 'site-edited', key: 'new:1', change: { baseUrl: 'http://site/' } },
  { kind: 'camera-added' },
  { kind: 'view-added' },
);

function edited(form: ConfigForm, ...edits: readonly Edit[]): ConfigForm {
  return edits.reduce(editForm, form);
}

/** The messages by field. */
function issues(form: ConfigForm): Record<string, string> {
  const check = checkForm(form);
  if (check.kind === 'valid') return {};
  return Object.fromEntries(check.issues.map(({ field, message }) => [field, message]));
}

function siteIssues(change: Partial<SiteForm>): Record<string, string> {
  return issues(edited(GOOD, { kind: 'site-edited', key: 'new:1', change }));
}

describe('checkForm', () => {
  it('returns the draft of a valid form', () => {
    const check = checkForm(GOOD);
    expect(check.kind === 'valid' && check.draft.sites).toEqual([
      { id: 'site-1', name: 'Site 1', baseUrl: 'http://site/', mainPath: '{camera}/index.m3u8' },
    ]);
  });

  it('accepts a secret that the host keeps, and leaves it with the host', () => {
    const check = checkForm(
      edited(GOOD, {
        kind: 'site-edited',
        key: 'new:1',
        change: { credentials: { ...NO_CREDENTIALS, kind: 'bearer', secret: { kind: 'kept' } } },
      }),
    );
    expect(check.kind === 'valid' && check.draft.sites[0]?.credentials).toEqual({
      type: 'bearer',
      token: { kept: true },
    });
  });

  it.each([
    [{ name: ' ' }, { 'sites/new:1/name': 'Must not be empty.' }],
    [
      { baseUrl: 'vms.example.com' },
      { 'sites/new:1/baseUrl': 'Must be an address that begins with http:// or https://.' },
    ],
    [
      { baseUrl: 'http://a:b@site/' },
      { 'sites/new:1/baseUrl': 'Must not hold a login: enter it under Login.' },
    ],
    [
      { baseUrl: 'http://site:1984/api/stream.m3u8?src=cam1' },
      {
        'sites/new:1/baseUrl':
          'Must not have a query, from “?” on: it belongs to the path, and a token under Login.',
      },
    ],
    [{ mainPath: 'api/stream.m3u8?src={camera}' }, {}],
    [
      { mainPath: 'http://site/x.m3u8' },
      { 'sites/new:1/mainPath': 'Must be a path below the site, not an address.' },
    ],
    [{ mainPath: '../x' }, { 'sites/new:1/mainPath': 'Must not contain "..".' }],
    [
      { tlsPin: '00'.repeat(32) },
      { 'sites/new:1/tlsPin': 'Protects nothing: the address does not begin with https://.' },
    ],
    [{ watchInterval: 'x' }, { 'sites/new:1/watchInterval': 'Must be a number of seconds.' }],
    [{ watchInterval: '0.1' }, { 'sites/new:1/watchInterval': 'Must be at least 0.25 s.' }],
  ])('reports a fault of a site at its field: %o', (change, expected) => {
    expect(siteIssues(change)).toEqual(expected);
  });

  it('reports the fault of each further address at its field', () => {
    const at = (...addresses: string[]) => ({
      furtherAddresses: addresses.map((baseUrl) => ({ baseUrl, sendLogin: false })),
    });
    expect(
      siteIssues(at('http://node-2/', 'http://site', '', 'http://node-2', 'http://a:b@node-3/')),
    ).toEqual({
      'sites/new:1/furtherAddresses/1/baseUrl': 'Is the site’s own address already.',
      'sites/new:1/furtherAddresses/2/baseUrl': 'Must be an address that begins with http:// or https://.',
      'sites/new:1/furtherAddresses/3/baseUrl': 'Is in the list already.',
      'sites/new:1/furtherAddresses/4/baseUrl': 'Must not hold a login: enter it under Login.',
    });
    expect(siteIssues(at('http://node-2/', 'https://site/'))).toEqual({});
  });

  it.each([
    ['site/cam 1', {}],
    ['Tor 3 (Süd)', {}],
    ['カメラ', {}],
    ['__proto__', {}],
    ['site\\cam', { 'cameras/new:2/id': 'Must not contain a backslash.' }],
    [
      'site/',
      { 'cameras/new:2/id': 'Must not begin or end with a slash, nor have two of them side by side.' },
    ],
    [
      '%2e%2e/x',
      {
        'cameras/new:2/id':
          'Must not have "." or ".." as a part between slashes, which a server may read in "%2e%2e/x".',
      },
    ],
    ['', { 'cameras/new:2/id': 'Must not be empty.' }],
  ])('accepts the name that a camera has at its server as its id: %j', (id, expected) => {
    expect(issues(edited(GOOD, { kind: 'camera-edited', key: 'new:2', change: { id } }))).toEqual(expected);
  });

  it.each([
    ['basic', { 'sites/new:1/username': 'Must not be empty.', 'sites/new:1/secret': 'Must not be empty.' }],
    ['bearer', { 'sites/new:1/secret': 'Must not be empty.' }],
    ['query', { 'sites/new:1/parameter': 'Must not be empty.', 'sites/new:1/secret': 'Must not be empty.' }],
  ] as const)('requires all fields of a %s login', (kind, expected) => {
    expect(siteIssues({ credentials: { ...NO_CREDENTIALS, kind } })).toEqual(expected);
  });

  it('requires all fields of a login for a token, and the name of its parameter', () => {
    const session = { ...NO_CREDENTIALS.session, tokenField: 'data..token', sendAs: 'query' } as const;
    expect(siteIssues({ credentials: { ...NO_CREDENTIALS, kind: 'session', session } })).toEqual({
      'sites/new:1/loginPath': 'Must not be empty.',
      'sites/new:1/username': 'Must not be empty.',
      'sites/new:1/secret': 'Must not be empty.',
      'sites/new:1/tokenField': 'Must be names with dots between them, like data.token.',
      'sites/new:1/parameter': 'Must not be empty.',
    });
  });

  it('reports a wrong name of an environment variable', () => {
    const credentials = {
      ...NO_CREDENTIALS,
      kind: 'bearer',
      secret: { kind: 'environment', name: 'MY TOKEN' },
    } as const;
    expect(siteIssues({ credentials })).toEqual({
      'sites/new:1/secret': 'Must be the name of an environment variable.',
    });
  });

  it('reports at the camera that no site has a path for it', () => {
    expect(siteIssues({ mainPath: '' })).toEqual({
      'cameras/new:2/streams':
        'No site has a path for this camera: enter one here, or a path for all cameras at a site.',
    });
  });

  it('reports a wrong path of a camera at its field for that site', () => {
    const form = edited(GOOD, {
      kind: 'camera-path-edited',
      key: 'new:2',
      siteKey: 'new:1',
      change: { sub: 'http://x/' },
    });
    expect(issues(form)).toEqual({
      'cameras/new:2/paths/new:1/sub': 'Must be a path below the site, not an address.',
    });
  });

  it('reports at the second of two equal ids which item has the same one', () => {
    const form = edited(
      GOOD,
      { kind: 'camera-added' },
      { kind: 'camera-edited', key: 'new:4', change: { id: 'camera-1' } },
    );
    expect(issues(form)).toEqual({ 'cameras/new:4/id': 'Another one of the cameras has the id “camera-1”.' });
  });

  it('states the limits of policies in the unit of the field', () => {
    const form = edited(GOOD, {
      kind: 'policies-edited',
      change: { reactionTime: '100', stableTime: '4000', allowedLag: 'much' },
    });
    expect(issues(form)).toEqual({
      'policies/reactionTime': 'Must be at least 250 ms.',
      'policies/stableTime': 'Must be at most 3600 s.',
      'policies/allowedLag': 'Must be a number of seconds.',
    });
  });

  it('finds no fault in the initial form', () => {
    expect(issues(emptyForm())).toEqual({});
  });

  it('reports that no hour is left for a return', () => {
    const form = edited(GOOD, {
      kind: 'policies-edited',
      change: { allowedHours: { from: 5, to: 5 } },
    });
    expect(issues(form)).toEqual({ 'policies/allowedHours': 'No hour is left between the two.' });
  });
});
