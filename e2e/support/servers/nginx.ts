import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Program } from './program.ts';
import { missingCommand } from './real-server.ts';

/** The folders of nginx's modules on Debian and others. */
const RTMP_MODULE = [
  '/usr/lib/nginx/modules/ngx_rtmp_module.so',
  '/usr/lib64/nginx/modules/ngx_rtmp_module.so',
].find(existsSync);

export interface NginxOptions {
  /** A folder of this test: its files are served, and nginx writes its own files there. */
  readonly folder: string;
  readonly port: number;
  /** With a port, streams are accepted there by RTMP, and packaged into the folder as HLS. */
  readonly rtmpPort?: number;
}

/** nginx is not in every user's PATH. */
const NGINX = ['/usr/sbin/nginx', '/usr/local/sbin/nginx'].find(existsSync) ?? 'nginx';

export function missingNginx(): string | null {
  return missingCommand(NGINX, 'nginx');
}

export function missingNginxRtmp(): string | null {
  return (
    missingNginx() ??
    (RTMP_MODULE === undefined ? 'nginx has no RTMP module: apt-get install libnginx-mod-rtmp' : null)
  );
}

/** The log that {@link nginx} writes. */
export const accessLogOf = (folder: string): string => path.join(folder, 'access.log');

/** nginx in front of a folder. The configuration file is written by this function. */
export async function nginx({ folder, port, rtmpPort }: NginxOptions): Promise<Program> {
  const temporary = path.join(folder, 'nginx');
  await mkdir(temporary, { recursive: true });
  const temporaryPaths = ['client_body', 'fastcgi', 'proxy', 'scgi', 'uwsgi'].map(
    (kind) => `${kind}_temp_path ${temporary}/${kind};`,
  );
  const configuration = `
${rtmpPort === undefined ? '' : `load_module ${RTMP_MODULE};`}
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid ${temporary}/nginx.pid;
error_log stderr warn;
events { worker_connections 256; }
${
  rtmpPort === undefined
    ? ''
    : `rtmp { server {
  listen 127.0.0.1:${rtmpPort};
  application live { live on; hls on; hls_path ${folder}; hls_fragment 1s; hls_playlist_length 8s; }
} }`
}
http {
  log_format asked '$msec $uri';
  access_log ${accessLogOf(folder)} asked;
  ${temporaryPaths.join('\n  ')}
  types { application/vnd.apple.mpegurl m3u8; video/mp2t ts; }
  server {
    listen 127.0.0.1:${port};
    root ${folder};
    add_header Cache-Control no-cache;
  }
}
`;
  const file = path.join(temporary, 'nginx.conf');
  await writeFile(file, configuration);
  return { command: NGINX, args: ['-p', temporary, '-c', file] };
}
