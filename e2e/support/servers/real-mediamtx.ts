import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { encodedPicture } from './picture.ts';
import { freePorts } from './ports.ts';
import { missingCommand, missingProgram, type RealServer } from './real-server.ts';

const pathsSchema = z.object({ items: z.array(z.object({ readers: z.array(z.unknown()) })) });

/** MediaMTX with its defaults, Low-Latency HLS, where HOLDFAST_MEDIAMTX names the program. */
export const MEDIAMTX: RealServer = {
  name: 'MediaMTX',
  publisherGone: /^http-404$/,
  missing: () => missingProgram('HOLDFAST_MEDIAMTX') ?? missingCommand('ffmpeg', 'ffmpeg'),
  async plan({ folder, mark }) {
    const [port = 0, rtmpPort = 0, apiPort = 0] = await freePorts(3);
    const settings = path.join(folder, 'mediamtx.yml');
    await writeFile(settings, 'logLevel: warn\npaths:\n  all_others:\n');
    return {
      server: {
        command: process.env.HOLDFAST_MEDIAMTX ?? '',
        args: [settings],
        // Unknown settings are ignored in the environment, and refused in the file.
        env: {
          MTX_HLSADDRESS: `127.0.0.1:${port}`,
          MTX_RTMPADDRESS: `127.0.0.1:${rtmpPort}`,
          MTX_API: 'yes',
          MTX_APIADDRESS: `127.0.0.1:${apiPort}`,
          MTX_RTSP: 'no',
          MTX_WEBRTC: 'no',
          MTX_SRT: 'no',
          MTX_MOQ: 'no',
        },
      },
      ports: [port, rtmpPort, apiPort],
      publisher: [encodedPicture(mark, ['-f', 'flv', `rtmp://127.0.0.1:${rtmpPort}/camera`])],
      publishesTo: 'server',
      baseUrl: `http://127.0.0.1:${port}/`,
      playlist: 'camera/index.m3u8',
      async readers() {
        const answer = await fetch(`http://127.0.0.1:${apiPort}/v3/paths/list`);
        return pathsSchema.parse(await answer.json()).items[0]?.readers.length ?? 0;
      },
    };
  },
};
