import type { z } from 'zod';
import { PLAYLIST_FILE } from '../../electron/demo/live-playlist.ts';
import type { OriginLogin } from '../../electron/demo/origin-login.ts';
import { CONFIG_VERSION, type Config, type Credentials, configSchema } from '../../shared/config/config.ts';
import type { RigCamera } from './rig-cameras.ts';
import type { OpenRigSite, RigSiteOptions } from './rig-protocol.ts';

export interface RigConfigOptions {
  /** Columns of the only view, 1 to 8; by default those of the squarest grid that holds all cameras. */
  readonly columns?: number;
  /** Rows of the only view, 1 to 8; by default the fewest that hold all cameras. */
  readonly rows?: number;
  readonly policies?: z.input<typeof configSchema>['policies'];
}

/** Id of the only view in a rig's configuration. */
export const RIG_VIEW_ID = 'rig';

/**
 * A configuration of a rig's sites, in their order, with one view of all its cameras.
 * @param siteOptions their `login` is the one that the site accepts now
 * @throws {z.ZodError} where the view does not hold the cameras
 */
export function rigConfig(
  siteOptions: readonly RigSiteOptions[],
  openSites: readonly OpenRigSite[],
  cameras: readonly RigCamera[],
  { columns = Math.ceil(Math.sqrt(cameras.length)), rows, policies }: RigConfigOptions = {},
): Config {
  return configSchema.parse({
    version: CONFIG_VERSION,
    sites: siteOptions.map(({ id, name, tls, login }) => {
      const open = openSites.find((site) => site.id === id);
      return {
        id,
        name,
        baseUrl: open?.baseUrl,
        ...(open?.furtherBaseUrl != null && {
          furtherAddresses: [{ baseUrl: open.furtherBaseUrl, sendLogin: login !== undefined }],
        }),
        mainPath: `{camera}/${PLAYLIST_FILE}`,
        ...(login && { credentials: credentialsOf(login) }),
        ...(tls === 'pinned' && { tlsPin: open?.certificate?.pin }),
      };
    }),
    cameras: cameras.map(({ id, number, name }) => ({ id, number, name })),
    views: [
      {
        id: RIG_VIEW_ID,
        name: 'Rig',
        columns,
        rows: rows ?? Math.ceil(cameras.length / columns),
        cells: cameras.map(({ id }) => id),
      },
    ],
    policies,
  });
}

function credentialsOf(login: OriginLogin): Credentials {
  switch (login.type) {
    case 'basic':
      return login;
    case 'bearer':
      return { type: login.type, token: login.token };
    case 'query':
      return { type: login.type, name: login.name, value: login.value };
    case 'session': {
      const { type, loginPath, username, password } = login;
      // There is no `sendAs` for a cookie. With `bearer`, the cookie is the session where the answer has no token.
      const sendAs = login.sendAs !== 'bearer' && 'cookie' in login.sendAs ? 'bearer' : login.sendAs;
      return { type, loginPath, username, password, request: 'json', sendAs };
    }
  }
}
