// @ts-check
import { join } from 'node:path';
import { createServer } from 'vite';
import { ROOT } from './command.mjs';

/**
 * Serves the page of sample tiles and settings from the sources, on a free loopback port.
 *
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 * @throws {Error} When there is no free port.
 */
export async function serveSamplePage() {
  const server = await createServer({
    configFile: join(ROOT, 'build', 'vite.renderer.config.ts'),
    root: join(ROOT, 'renderer'),
    logLevel: 'warn',
    // Vite finds the packages of this page before the first request: a package that it finds later makes it load the page again.
    optimizeDeps: { entries: ['testing/tiles/index.html'] },
    server: { host: '127.0.0.1', port: 0, fs: { allow: [ROOT] } },
  });
  await server.listen();
  const [url] = server.resolvedUrls?.local ?? [];
  if (url === undefined) throw new Error('the page of sample tiles has no address');
  return { url: new URL('testing/tiles/index.html', url).href, close: () => server.close() };
}
