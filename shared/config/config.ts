import { z } from 'zod';
import { cameraIdSchema, cameraPath } from './camera-id.ts';
import { sitePath } from './site-path.ts';

/** The schema version that this release writes. Older files are migrated, newer ones are not written over. */
export const CONFIG_VERSION = 1;

/** Reaction Time (rule 4). Milliseconds. */
export const REACTION_TIME_MS = { min: 250, max: 15_000, default: 1000 } as const;
/** The stable time before an automatic failback (rule 8). Milliseconds. */
export const STABLE_TIME_MS = { min: 0, max: 3_600_000, default: 30_000 } as const;
/** The allowed lag of a returning live edge behind the shown stream's (rule 8). Milliseconds. */
export const ALLOWED_LAG_MS = { min: 0, max: 60_000, default: 3000 } as const;

const id = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,63}$/i,
    'use 1 to 64 letters, digits, - or _, beginning with a letter or digit',
  );

const name = z.string().trim().min(1, 'must not be empty').max(80, 'must be at most 80 characters long');

/** Text in the file, or the name of the environment variable with it. */
const secret = z.union([
  z.string().min(1, 'must not be empty'),
  z.strictObject({
    env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable'),
  }),
]);
export type Secret = z.infer<typeof secret>;

/** The forms of a session's login request: see {@link sessionCredentials}. */
export const SESSION_REQUESTS = ['json', 'password-grant', 'client-credentials'] as const;
export type SessionRequest = (typeof SESSION_REQUESTS)[number];

/** A login that issues tokens or sets a cookie, which expire and are renewed. */
const sessionCredentials = z.strictObject({
  type: z.literal('session'),
  /** Where the login is sent (POST), below `baseUrl` like everything else. */
  loginPath: sitePath,
  /** The client's id where `request` is `client-credentials`. */
  username: z.string().min(1, 'must not be empty'),
  /** The client's secret where `request` is `client-credentials`. */
  password: secret,
  /**
   * `json`: `{ "username": …, "password": … }`. `password-grant` and `client-credentials`: OAuth 2.0 (RFC 6749,
   * 4.3.2 and 4.4.2), form-encoded.
   */
  request: z.enum(SESSION_REQUESTS).default('json'),
  /** The field for the user's name with `json`, where the server does not call it `username`. */
  userField: z
    .string()
    .min(1, 'must not be empty')
    .max(200, 'must be at most 200 characters long')
    .optional(),
  /**
   * The path of the token in the JSON answer, names with dots between them. The default is `token`, and `access_token`
   * with OAuth 2.0 (RFC 6749, 5.1). `expires_in` beside it is the token's lifetime in seconds. If neither this nor a
   * parameter in `sendAs` is set and the answer has no token, the cookie that it sets is the session.
   */
  tokenField: z
    .string()
    .max(200, 'must be at most 200 characters long')
    .regex(/^[^.\s]+(\.[^.\s]+)*$/, 'must be names with dots between them, like data.token')
    .optional(),
  /** How the token is sent with each request: `Authorization: Bearer`, or a parameter of the address. */
  sendAs: z
    .union([z.literal('bearer'), z.strictObject({ query: z.string().min(1, 'must not be empty') })])
    .default('bearer'),
});
export type SessionCredentials = z.infer<typeof sessionCredentials>;

const credentials = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('basic'), username: z.string().min(1), password: secret }),
  z.strictObject({ type: z.literal('bearer'), token: secret }),
  z.strictObject({ type: z.literal('query'), name: z.string().min(1), value: secret }),
  sessionCredentials,
]);
export type Credentials = z.infer<typeof credentials>;

export const HOT_STANDBY_LIMIT_MAX = 256;

export const MAX_FURTHER_ADDRESSES = 16;

const siteAddress = z
  .url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
  .refine((url) => !/^https?:\/\/[^/?#]*@/i.test(url), 'must not hold a login: put it into "credentials"')
  .refine(
    (url) => !/[?#]/.test(url),
    'must not have a query: put it into a path, and a token into "credentials"',
  );

const furtherAddress = z.strictObject({
  baseUrl: siteAddress,
  /** Whether the site's credentials are sent there as well. */
  sendLogin: z.boolean().default(false),
});
export type FurtherAddress = z.infer<typeof furtherAddress>;

const site = z.strictObject({
  id,
  name,
  /** The base address of the site's HLS. Everything that Holdfast requests from the site is below it. */
  baseUrl: siteAddress,
  /**
   * The playlist's path for a camera without its own, with its query if the server needs one. `{camera}` stands for the
   * camera's id, encoded ({@link cameraPath}).
   */
  mainPath: sitePath.optional(),
  subPath: sitePath.optional(),
  credentials: credentials.optional(),
  /** SHA-256 of the server's certificate (DER), 64 hex digits, colons allowed. It replaces the trust in authorities. */
  tlsPin: z
    .string()
    .regex(/^([0-9a-f]{2}:?){32}$/i, 'must be a SHA-256 fingerprint: 64 hex digits')
    .optional(),
  /** Playlist poll interval for a site where watching has a cost (streams started on demand). Milliseconds. */
  watchIntervalMs: z.int().min(250).max(60_000).optional(),
  /** Limit of hot standbys from this site, over all windows (rule 15); without it, as many as the machine allows. */
  hotStandbyLimit: z.int().min(0).max(HOT_STANDBY_LIMIT_MAX).optional(),
  /**
   * Further addresses to which the site may send a player: nodes behind a load balancer, a content delivery network,
   * another port. Redirects and absolute addresses in playlists may lead below these as well.
   */
  furtherAddresses: z.array(furtherAddress).max(MAX_FURTHER_ADDRESSES).optional(),
  /**
   * `light`, for a site where watching is expensive (sources that are started on demand): the quality that is not
   * wanted is not watched, and a standby is checked only every few minutes, so that a loss of redundancy is noticed
   * that much later.
   */
  watch: z.enum(['full', 'light']).optional(),
  /** In maintenance the site ranks last: tiles leave it where another site is alive (rule 14). */
  maintenance: z.boolean().optional(),
});
export type Site = z.infer<typeof site>;

export const QUALITIES = ['main', 'sub'] as const;
export type Quality = (typeof QUALITIES)[number];

const camera = z.strictObject({
  id: cameraIdSchema,
  /** The number that operators use for the camera; shown in the tile. */
  number: z.int().min(0).max(999_999),
  name,
  /** Playlist paths by site id, where they differ from the site's template. */
  streams: z.record(id, z.strictObject({ main: sitePath.optional(), sub: sitePath.optional() })).optional(),
  /** Site ids in this camera's own order of priority; omitted sites follow in the sites' order. */
  siteOrder: z.array(id).optional(),
  /** The reaction when one copy's picture is frozen or black and another's is not (rule 13); an alarm by default. */
  onFrozen: z.enum(['alarm', 'change-over']).optional(),
});
export type Camera = z.infer<typeof camera>;

const view = z.strictObject({
  id,
  name,
  columns: z.int().min(1).max(8),
  rows: z.int().min(1).max(8),
  /** Camera ids, row by row; `null` is an empty cell. */
  cells: z.array(cameraIdSchema.nullable()).max(64),
});
export type View = z.infer<typeof view>;

const failback = z.strictObject({
  mode: z.enum(['automatic', 'manual', 'never']).default('automatic'),
  stableMs: z.int().min(STABLE_TIME_MS.min).max(STABLE_TIME_MS.max).default(STABLE_TIME_MS.default),
  allowedLagMs: z.int().min(ALLOWED_LAG_MS.min).max(ALLOWED_LAG_MS.max).default(ALLOWED_LAG_MS.default),
  /** Local hours of the day in which an automatic failback is allowed, `[from, to)`; `from > to` spans midnight. */
  allowedHours: z
    .strictObject({ from: z.int().min(0).max(23), to: z.int().min(0).max(24) })
    .refine(({ from, to }) => from !== to, 'must not be empty: "from" and "to" are the same hour')
    .optional(),
});

const policies = z.strictObject({
  reactionTimeMs: z
    .int()
    .min(REACTION_TIME_MS.min)
    .max(REACTION_TIME_MS.max)
    .default(REACTION_TIME_MS.default),
  bridgeAtOnce: z.boolean().default(true),
  failback: failback.prefault({}),
  /**
   * Standbys that play underneath the shown picture, ready to be raised (rule 15). `auto`: as many as the machine has
   * room for; `all`: in every tile, at any cost; `off`: standbys are probed only.
   */
  hotStandbys: z.enum(['auto', 'all', 'off']).default('auto'),
});
export type Policies = z.infer<typeof policies>;

/**
 * A whole configuration. Parsing fills in defaults and checks every reference; issues contain the path of the wrong
 * value (`cameras.3.streams.north`).
 */
export const configSchema = z
  .strictObject({
    version: z.literal(CONFIG_VERSION),
    /** In order of priority, highest first. A new configuration has no site, no camera and no view. */
    sites: z.array(site).max(16),
    cameras: z.array(camera).max(4096),
    views: z.array(view).max(256),
    policies: policies.prefault({}),
  })
  .superRefine((config, context) => {
    const complain = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    const siteIds = uniqueIds(config.sites, 'sites', complain);
    const cameraIds = uniqueIds(config.cameras, 'cameras', complain);
    uniqueIds(config.views, 'views', complain);
    config.sites.forEach(({ baseUrl, tlsPin, furtherAddresses = [] }, index) => {
      if (tlsPin !== undefined && !/^https:/i.test(baseUrl))
        complain(['sites', index, 'tlsPin'], 'protects nothing: "baseUrl" does not begin with https://');
      const folders = [baseUrl, ...furtherAddresses.map((further) => further.baseUrl)].map(folderOf);
      folders.forEach((folder, place) => {
        const first = folders.indexOf(folder);
        if (folder !== null && first < place)
          complain(
            ['sites', index, 'furtherAddresses', place - 1, 'baseUrl'],
            first === 0 ? 'is the same as "baseUrl"' : 'is in the list already',
          );
      });
    });
    config.cameras.forEach((camera, index) => {
      for (const siteId of Object.keys(camera.streams ?? {}))
        if (!siteIds.has(siteId))
          complain(
            ['cameras', index, 'streams', siteId],
            `names the site "${siteId}", which is not in "sites"`,
          );
      camera.siteOrder?.forEach((siteId, position) => {
        if (!siteIds.has(siteId))
          complain(
            ['cameras', index, 'siteOrder', position],
            `names the site "${siteId}", which is not in "sites"`,
          );
      });
      if (streamsOf(config, camera, 'main').length === 0)
        complain(
          ['cameras', index],
          `"${camera.name}" has no stream at any site: give it a path, or a site a mainPath`,
        );
    });
    config.views.forEach((view, index) => {
      if (view.cells.length > view.columns * view.rows)
        complain(
          ['views', index, 'cells'],
          `has ${view.cells.length} cells, more than its ${view.columns} x ${view.rows} grid holds`,
        );
      view.cells.forEach((cameraId, cell) => {
        if (cameraId !== null && !cameraIds.has(cameraId))
          complain(
            ['views', index, 'cells', cell],
            `names the camera "${cameraId}", which is not in "cameras"`,
          );
      });
    });
  });
export type Config = z.infer<typeof configSchema>;

/** The part of a configuration for windows: everything except secrets, addresses of sites and pins. */
export type PublicConfig = Omit<Config, 'sites'> & { sites: PublicSite[] };
export type PublicSite = Pick<
  Site,
  'id' | 'name' | 'mainPath' | 'subPath' | 'watchIntervalMs' | 'watch' | 'maintenance'
> & {
  /** The gateway's name for the site, where that is not its id: another address is another route. */
  readonly route?: string;
};

/**
 * Removes from a configuration what a window must not know.
 * @param routeOf the gateway's name for a site; its id by default
 */
export function publicConfig(config: Config, routeOf?: (siteId: string) => string): PublicConfig {
  return {
    ...config,
    sites: config.sites.map(
      ({ baseUrl: _base, furtherAddresses: _further, credentials: _credentials, tlsPin: _pin, ...site }) =>
        routeOf === undefined ? site : { ...site, route: routeOf(site.id) },
    ),
  };
}

/** The configuration with which an admin starts: no site, no camera, no view. */
export function emptyConfig(): Config {
  return configSchema.parse({ version: CONFIG_VERSION, sites: [], cameras: [], views: [] });
}

/**
 * The same text for every spelling of one folder: host name in lower case, no default port, a slash at the end. `null`
 * for an invalid address.
 */
function folderOf(address: string): string | null {
  const [, scheme, authority, path] = /^\s*(https?):\/\/([^/?#\s]+)([^?#\s]*)/i.exec(address) ?? [];
  if (scheme === undefined || authority === undefined || path === undefined) return null;
  const usualPort = scheme.toLowerCase() === 'https' ? /:443$/ : /:80$/;
  const host = authority.toLowerCase().replace(usualPort, '');
  return `${scheme.toLowerCase()}://${host}${path.replace(/\/*$/, '/')}`;
}

function uniqueIds(
  items: readonly { id: string }[],
  list: string,
  complain: (path: (string | number)[], message: string) => void,
): Set<string> {
  const seen = new Set<string>();
  items.forEach((item, index) => {
    if (seen.has(item.id)) complain([list, index, 'id'], `"${item.id}" is used twice in "${list}"`);
    seen.add(item.id);
  });
  return seen;
}

/** One camera at one site in one quality. */
export interface Stream {
  /** Unique within the camera: `<siteId>/<quality>`. */
  readonly id: string;
  readonly siteId: string;
  readonly siteName: string;
  /** The gateway's name for the site (`/sites/<route>/…`). */
  readonly route: string;
  readonly quality: Quality;
  /** The playlist's path below the site's base address. */
  readonly path: string;
  /** Milliseconds between two playlist probes, if the site has such a setting. */
  readonly watchIntervalMs?: number;
  /** The site's setting. */
  readonly watch?: 'light';
  /**
   * The wanted variant of a multivariant playlist: the stream's quality; at a site with one path only, the quality that
   * fits the tile.
   */
  readonly variant: Quality;
  /** Its site is in maintenance. */
  readonly maintenance?: boolean;
}

/**
 * A camera's streams in order of priority (rules 2 and 14): the sites' order, overridden by the camera's, sites in
 * maintenance last; within a site the wanted quality, then the other.
 */
export function streamsOf(config: Pick<PublicConfig, 'sites'>, camera: Camera, wanted: Quality): Stream[] {
  const ordered = [
    ...(camera.siteOrder ?? []).flatMap((siteId) => config.sites.filter((site) => site.id === siteId)),
    ...config.sites,
  ];
  const qualities: readonly Quality[] = wanted === 'main' ? ['main', 'sub'] : ['sub', 'main'];
  const inService = ordered.filter(({ maintenance }) => maintenance !== true);
  return [...new Set([...inService, ...ordered])].flatMap((site) => {
    const paths = qualities.flatMap((quality) => {
      const own = camera.streams?.[site.id]?.[quality];
      const template = quality === 'main' ? site.mainPath : site.subPath;
      const path = own ?? (template === undefined ? undefined : cameraPath(template, camera.id));
      return path === undefined ? [] : [{ quality, path }];
    });
    return paths.map(({ quality, path }) => ({
      id: `${site.id}/${quality}`,
      siteId: site.id,
      siteName: site.name,
      route: site.route ?? site.id,
      quality,
      path,
      variant: paths.length === 1 ? wanted : quality,
      ...(site.watchIntervalMs === undefined ? {} : { watchIntervalMs: site.watchIntervalMs }),
      ...(site.watch === 'light' ? { watch: site.watch } : {}),
      ...(site.maintenance === true ? { maintenance: true } : {}),
    }));
  });
}
