/** Names that are schemes also where no `//` follows the colon. */
const SCHEMES: ReadonlySet<string> = new Set([
  'about',
  'blob',
  'chrome',
  'data',
  'file',
  'filesystem',
  'ftp',
  'http',
  'https',
  'javascript',
  'mailto',
  'skd',
  'urn',
  'view-source',
  'ws',
  'wss',
]);

/**
 * Writes a relative reference so that every reader takes it as relative. By RFC 3986 section 4.2, what comes before the first colon
 * is a scheme, but servers write names such as `ngrp:cam1_all/chunks.m3u8`. The reference gets `./` in front, unless `//` follows
 * the colon or one of {@link SCHEMES} is before it.
 */
export function withoutFalseScheme(reference: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*):(?![/\\]{2})/i.exec(reference)?.[1];
  return scheme === undefined || SCHEMES.has(scheme.toLowerCase()) ? reference : `./${reference}`;
}

/**
 * Resolves a playlist's URI against the pathname that the playlist was read from, such as
 * `/sites/main/cam1/index.m3u8?key=1` (RFC 3986 section 5.2, without fragment). Null where the result would
 * leave the first two segments of the base (`/sites/main`): another origin, scheme or site. `..` is resolved
 * in its percent-encoded spellings too, and backslashes are refused, because browsers read them as `..` and `/`. For
 * names with a colon see {@link withoutFalseScheme}.
 */
export function resolveUri(base: string, uri: string): string | null {
  const reference = withoutFalseScheme(uri.trim().replace(/#.*$/s, ''));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: URL parsers drop tabs and line ends silently.
  if (/[\u0000-\u001f\u007f]/.test(reference)) return null;
  const basePath = base.replace(/[?#].*$/s, '');
  if (reference === '')
    return withinSite(basePath, base.replace(/#.*$/s, '').slice(basePath.length), basePath);
  const queryAt = reference.indexOf('?');
  const path = queryAt < 0 ? reference : reference.slice(0, queryAt);
  const query = queryAt < 0 ? '' : reference.slice(queryAt);
  if (path.startsWith('//') || path.includes('\\') || /^[a-z][a-z0-9+.-]*:/i.test(path)) return null;
  if (path === '') return withinSite(basePath, query, basePath);
  const merged = path.startsWith('/') ? path : basePath.slice(0, basePath.lastIndexOf('/') + 1) + path;
  return withinSite(merged, query, basePath);
}

function withinSite(path: string, query: string, basePath: string): string | null {
  const wanted = normalSegments(basePath).slice(0, 2);
  const segments = normalSegments(path);
  if (wanted.length < 2 || wanted.includes('') || segments.length < 3) return null;
  if (segments[0] !== wanted[0] || segments[1] !== wanted[1]) return null;
  return `/${segments.join('/')}${query}`;
}

function normalSegments(path: string): string[] {
  const segments: string[] = [];
  const written = path.split('/').slice(1);
  written.forEach((segment, index) => {
    const plain = segment.replace(/%2e/gi, '.');
    const last = index === written.length - 1;
    if (plain === '..') segments.pop();
    if (plain !== '..' && plain !== '.') segments.push(segment);
    else if (last) segments.push('');
  });
  return segments;
}
