import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** The file types of the renderer's build. A type that is not listed is not served. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** One plain name in `/assets/`. Without separators, escapes and leading dots, no path can leave the folder. */
const ASSET = /^\/assets\/([A-Za-z0-9_-][A-Za-z0-9._-]*)$/;

/**
 * Serves the built renderer: `/` and `/index.html`, `/settings.html`, and the files directly in `/assets/`. Everything else is 404.
 *
 * @param directory the folder that holds the pages and `assets`
 * @param policy the `Content-Security-Policy` of every answer
 */
export function createStaticFiles(
  directory: string,
  policy: string,
): (request: Request) => Promise<Response> {
  const headers = {
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  };
  const plain = (status: number, words: string): Response =>
    new Response(words, { status, headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' } });

  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return plain(405, 'Only GET and HEAD are served.');
    const file = fileOf(new URL(request.url).pathname);
    const contentType = file === null ? undefined : CONTENT_TYPES[path.extname(file)];
    if (file === null || contentType === undefined) return plain(404, 'Not found.');
    try {
      const bytes = await readFile(path.join(directory, file));
      return new Response(request.method === 'HEAD' ? null : new Uint8Array(bytes), {
        headers: { ...headers, 'content-type': contentType },
      });
    } catch {
      return plain(404, 'Not found.');
    }
  };
}

function fileOf(pathname: string): string | null {
  if (pathname === '/' || pathname === '/index.html') return 'index.html';
  if (pathname === '/settings.html') return 'settings.html';
  const name = ASSET.exec(pathname)?.[1];
  return name === undefined ? null : path.join('assets', name);
}
