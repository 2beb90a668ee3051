import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodedPicture } from './picture.ts';
import { freePorts } from './ports.ts';
import { missingCommand, type RealServer } from './real-server.ts';

const PROCESS = fileURLToPath(new URL('node-media-server-process.ts', import.meta.url));

/** node-media-server, which packages published streams with ffmpeg, and removes the files when the publisher ends. */
export const NODE_MEDIA_SERVER: RealServer = {
  name: 'node-media-server',
  publisherGone: /^(http-404|ended|stalled|too-slow)$/,
  missing: () => missingCommand('ffmpeg', 'ffmpeg'),
  async plan({ folder, mark }) {
    const [port = 0, rtmpPort = 0] = await freePorts(2);
    const settings = {
      logType: 1,
      rtmp: { port: rtmpPort, chunk_size: 60_000, gop_cache: true, ping: 30, ping_timeout: 60 },
      http: { port, mediaroot: folder, allow_origin: '*', api: false },
      trans: {
        ffmpeg: pathOf('ffmpeg'),
        tasks: [
          {
            app: 'live',
            hls: true,
            hlsFlags: '[f=hls:hls_time=1:hls_list_size=8:hls_flags=delete_segments]',
          },
        ],
      },
    };
    return {
      server: {
        command: process.execPath,
        args: ['--disable-warning=ExperimentalWarning', PROCESS, JSON.stringify(settings)],
      },
      ports: [port, rtmpPort],
      publisher: [encodedPicture(mark, ['-f', 'flv', `rtmp://127.0.0.1:${rtmpPort}/live/camera`])],
      publishesTo: 'server',
      baseUrl: `http://127.0.0.1:${port}/`,
      playlist: path.posix.join('live', 'camera', 'index.m3u8'),
    };
  },
};

function pathOf(command: string): string {
  return execFileSync('which', [command], { encoding: 'utf8' }).trim();
}
