import { CAMERA } from '../../shared/config/camera-id.ts';

/** A whole address of a stream in its two parts. */
export interface AddressParts {
  /** Ends with a slash. */
  readonly baseUrl: string;
  /** The path below the base address, with the query. */
  readonly path: string;
}

/** What a whole address means in a field for a path below a site's address. */
export type PastedPath =
  | { readonly kind: 'below-site'; readonly path: string }
  /** The site has no address yet: both can be taken from the pasted one. */
  | { readonly kind: 'first-address'; readonly parts: AddressParts }
  | { readonly kind: 'elsewhere' };

/**
 * The parts of an address of one stream that was typed into the field for a site's address. `null` for what may be a site's
 * address, and for an address with a login, which has to be removed first.
 */
export function streamInSiteAddress(typed: string, cameraIds: readonly string[]): AddressParts | null {
  const parts = partsOf(typed);
  if (parts === null || (!/\.m3u8$/i.test(parts.path.replace(/\?.*$/s, '')) && !/[^/?]\?/.test(parts.path)))
    return null;
  return { ...parts, path: templateOf(parts.path, cameraIds) };
}

/** What a whole address means in a field for a path; `null` for text that is no address. */
export function addressInPath(typed: string, baseUrl: string): PastedPath | null {
  const parts = partsOf(typed);
  if (parts === null) return null;
  const base = baseUrl.trim();
  if (base === '') return { kind: 'first-address', parts };
  const site = partsOf(base);
  if (site === null || new URL(site.baseUrl).origin !== new URL(parts.baseUrl).origin)
    return { kind: 'elsewhere' };
  const folder = site.path.replace(/[^/]$/, '$&/');
  if (!parts.path.startsWith(folder) || parts.path === folder) return { kind: 'elsewhere' };
  return { kind: 'below-site', path: parts.path.slice(folder.length) };
}

/**
 * Turns the path of one camera into the path of all: `{camera}` replaces the camera's id where it is a whole part between slashes,
 * the last part before `.m3u8`, or a whole value of the query. A path without the id stays as it is.
 */
export function templateOf(path: string, cameraIds: readonly string[]): string {
  const queryAt = path.indexOf('?');
  const folders = (queryAt < 0 ? path : path.slice(0, queryAt)).split('/');
  const query = queryAt < 0 ? null : path.slice(queryAt + 1).split('&');
  // The longest id comes first: `site/cam1` rather than `cam1`.
  for (const id of cameraIds.toSorted((a, b) => b.length - a.length)) {
    if (id === '') continue;
    const inPath = withCameraInPath(folders, id.split('/')).join('/');
    const inQuery =
      query === null ? '' : `?${query.map((parameter) => withCameraInQuery(parameter, id)).join('&')}`;
    if (inPath + inQuery !== path) return inPath + inQuery;
  }
  return path;
}

/** Names of parameters that contain secrets. */
const SECRET_NAME = /token|passw|pwd|secret|signature|session|api_?key|^(key|auth|jwt|sig|sid|pass)$/i;

/** The name of a parameter in a path's query whose value looks like a secret; `null` where there is none. */
export function secretParameter(path: string): string | null {
  for (const [name, value] of new URLSearchParams(/\?([^#]*)/.exec(path)?.[1] ?? ''))
    if (SECRET_NAME.test(name) && value !== '' && !value.includes(CAMERA)) return name;
  return null;
}

/**
 * The parts as they were typed, so that `{camera}` is not encoded. `null` for text that is no address, or contains a login.
 */
function partsOf(typed: string): AddressParts | null {
  const [, origin, path] = /^(https?:\/\/[^/?#\s]+)\/*([^#]*)/i.exec(typed.trim()) ?? [];
  if (origin === undefined || path === undefined || origin.includes('@') || !URL.canParse(origin))
    return null;
  return { baseUrl: `${origin}/`, path };
}

function withCameraInPath(folders: readonly string[], id: readonly string[]): string[] {
  const isAt = (at: number, ending: string): boolean =>
    id.every((part, index) => {
      const folder = folders[at + index];
      const wanted = index === id.length - 1 ? part + ending : part;
      return folder !== undefined && decoded(folder) === wanted;
    });
  const written: string[] = [];
  for (let at = 0; at < folders.length; ) {
    const ending = ['', '.m3u8'].find((candidate) => isAt(at, candidate));
    written.push(ending === undefined ? (folders[at] ?? '') : CAMERA + ending);
    at += ending === undefined ? 1 : id.length;
  }
  return written;
}

function withCameraInQuery(parameter: string, id: string): string {
  const [, name, value] = /^([^=]*=)(.*)$/s.exec(parameter) ?? [];
  return name !== undefined && value !== undefined && decoded(value) === id ? name + CAMERA : parameter;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
