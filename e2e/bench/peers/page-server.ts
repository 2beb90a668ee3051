import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { type Answer, type LoopbackServer, serveOnLoopback } from '../suite/loopback-server.ts';
import { multivariantPlaylist } from './multivariant.ts';
import { PEERS, type Peer, type Tuning } from './peer-players.ts';

const PAGES = fileURLToPath(new URL('./pages/', import.meta.url));

/** The pages' scripts, by the path that they are served under. */
export type PageScripts = ReadonlyMap<string, string>;

/** @throws where a page cannot be bundled */
export async function bundlePages(): Promise<PageScripts> {
  return new Map(await Promise.all(PEERS.map(async (peer) => [`/${peer}.js`, await bundled(peer)] as const)));
}

/** @returns a script that makes a window's `screenMeter` (pages/screen-meter.ts) */
export function bundleScreenMeter(): Promise<string> {
  return bundled('screen-meter');
}

/** Serves the peers' pages and their multivariant playlists on a loopback port, as the server of an application would. */
export class PageServer {
  private readonly server: LoopbackServer;

  private constructor(server: LoopbackServer) {
    this.server = server;
  }

  /** @throws where no port is free */
  static async open(scripts: PageScripts): Promise<PageServer> {
    return new PageServer(await serveOnLoopback((url) => answerTo(scripts, url)));
  }

  /** @param tiles addresses of each tile's media playlist at the first and at the second site */
  address(
    peer: Peer,
    tuning: Tuning,
    tiles: readonly { readonly first: string; readonly second: string }[],
  ): string {
    const query = new URLSearchParams({ tuning });
    for (const { first, second } of tiles) {
      query.append('first', first);
      query.append('second', second);
    }
    return `${this.server.origin}/${peer}.html?${query}`;
  }

  close(): void {
    this.server.close();
  }
}

function answerTo(scripts: PageScripts, { pathname, searchParams: query }: URL): Answer | null {
  const script = scripts.get(pathname);
  if (script !== undefined) return { type: 'text/javascript', body: script };
  if (pathname === '/multivariant.m3u8') {
    const ranking = query.get('ranking') === 'preferred' ? 'preferred' : 'equal';
    return {
      type: 'application/vnd.apple.mpegurl',
      body: multivariantPlaylist(query.getAll('site'), ranking),
    };
  }
  const peer = PEERS.find((known) => pathname === `/${known}.html`);
  return peer === undefined ? null : { type: 'text/html', body: pageOf(peer) };
}

function pageOf(peer: Peer): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>${peer}</title>
    <style>
      body { margin: 0; display: grid; background: #000; }
      .tile-stage, .tile-stage > * { width: 100%; aspect-ratio: 16 / 9; display: block; }
      video { width: 100%; height: 100%; display: block; }
    </style>
  </head>
  <body><script src="/${peer}.js"></script></body>
</html>
`;
}

async function bundled(page: Peer | 'screen-meter'): Promise<string> {
  const result = await build({
    configFile: false,
    root: PAGES,
    publicDir: false,
    logLevel: 'error',
    // The build of hls.js that includes its worker. The examples in its documentation load this build.
    resolve: { alias: [{ find: /^hls\.js$/, replacement: 'hls.js/dist/hls.js' }] },
    define: { 'process.env.NODE_ENV': JSON.stringify('production') },
    build: {
      write: false,
      minify: false,
      target: 'chrome130',
      lib: { entry: path.join(PAGES, `${page}.ts`), formats: ['iife'], name: 'page', fileName: page },
    },
  });
  const [first] = Array.isArray(result) ? result : [result];
  const chunk = first !== undefined && 'output' in first ? first.output[0] : undefined;
  if (chunk === undefined) throw new Error(`${page} was bundled to nothing`);
  return chunk.code;
}
