import type { ConfigDraft } from '../../../shared/config/config-draft.ts';
import type { CredentialKind, CredentialsForm } from '../../settings/form.ts';
import { emptyForm, NO_CREDENTIALS } from '../../settings/form-from-draft.ts';
import { createSettingsStore, type SettingsStore } from '../../settings/settings-store.ts';
import { FakeConfigHost, SMALL_DRAFT } from '../fake-config-host.ts';

/** The first site has a login of the first kind, and every field; the others show the other kinds of logins. */
const LOGINS = ['session', 'none', 'basic', 'bearer', 'query'] as const satisfies readonly CredentialKind[];

const DRAFT: ConfigDraft = {
  ...SMALL_DRAFT,
  sites: LOGINS.map((login, index) => ({
    id: login,
    name: index === 0 ? 'North' : `Site ${index + 1}`,
    baseUrl: `https://vms-${index + 1}.example.com/live/`,
    mainPath: '{camera}/main/index.m3u8',
    subPath: '{camera}/sub/index.m3u8',
  })),
  cameras: [{ id: 'gate', number: 101, name: 'Main gate', siteOrder: ['none', 'session'] }],
  policies: {
    ...SMALL_DRAFT.policies,
    failback: { ...SMALL_DRAFT.policies.failback, allowedHours: { from: 22, to: 5 } },
  },
};

/** Settings with which nothing is wrong. */
export async function sampleSettings(): Promise<SettingsStore> {
  const store = await settings();
  const { edit } = store.getState();
  for (const kind of LOGINS)
    edit({
      kind: 'site-edited',
      key: `site:${kind}`,
      change: {
        credentials: {
          kind,
          username: 'control-room',
          parameter: 'token',
          secret:
            kind === 'basic'
              ? { kind: 'environment', name: 'HOLDFAST_SITE' }
              : { kind: 'text', text: 'secret' },
          session: { ...NO_CREDENTIALS.session, loginPath: 'api/login', sendAs: 'query' },
        },
      },
    });
  edit({
    kind: 'site-edited',
    key: 'site:session',
    change: {
      tlsPin: '3b7e0c5491aa2fd8661bc04e9358e7128df42ab9057cd1e6409f83ba6c15f028',
      watch: 'light',
      watchInterval: '5',
      hotStandbyLimit: '4',
      furtherAddresses: [{ baseUrl: 'https://node-2.example.com/live/', sendLogin: false }],
    },
  });
  return store;
}

/** Settings with something wrong in every field that can have a fault. */
export async function wrongSettings(): Promise<SettingsStore> {
  const store = await settings();
  const { edit } = store.getState();
  for (const kind of LOGINS)
    edit({ kind: 'site-edited', key: `site:${kind}`, change: { credentials: emptyLogin(kind) } });
  edit({
    kind: 'site-edited',
    key: 'site:session',
    change: {
      name: ' ',
      baseUrl: 'http://vms.example.com/live/stream.m3u8?token=1',
      mainPath: '../../etc/passwd',
      subPath: 'https://elsewhere.example.com/sub.m3u8',
      maintenance: true,
      tlsPin: 'trust me',
      watchInterval: 'soon',
      hotStandbyLimit: '999',
      furtherAddresses: [{ baseUrl: 'node-2', sendLogin: true }],
      id: 'no id',
    },
  });
  edit({ kind: 'camera-edited', key: 'camera:gate', change: { number: 'one', name: '', id: 'site\\cam' } });
  edit({
    kind: 'camera-path-edited',
    key: 'camera:gate',
    siteKey: 'site:none',
    change: { main: 'http://x/', sub: '..' },
  });
  edit({
    kind: 'policies-edited',
    change: {
      reactionTime: '100',
      bridgeAtOnce: false,
      hotStandbys: 'off',
      stableTime: 'x',
      allowedLag: '99',
      allowedHours: { from: 5, to: 5 },
    },
  });
  return store;
}

async function settings(): Promise<SettingsStore> {
  const host = new FakeConfigHost();
  host.now = { ...host.now, draft: DRAFT };
  const store = createSettingsStore(host, emptyForm());
  await store.getState().load();
  return store;
}

function emptyLogin(kind: CredentialKind): CredentialsForm {
  return {
    ...NO_CREDENTIALS,
    kind,
    session: { ...NO_CREDENTIALS.session, tokenField: 'data..token', sendAs: 'query' },
  };
}
