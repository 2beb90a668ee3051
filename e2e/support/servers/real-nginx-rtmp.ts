import { accessLogOf, missingNginxRtmp, nginx } from './nginx.ts';
import { encodedPicture } from './picture.ts';
import { freePorts } from './ports.ts';
import { missingCommand, type RealServer } from './real-server.ts';

/** nginx with its RTMP module, which packages published streams. Without a publisher its playlist stops moving. */
export const NGINX_RTMP: RealServer = {
  name: 'nginx-rtmp',
  publisherGone: /^(stalled|too-slow)$/,
  missing: () => missingNginxRtmp() ?? missingCommand('ffmpeg', 'ffmpeg'),
  async plan({ folder, mark }) {
    const [port = 0, rtmpPort = 0] = await freePorts(2);
    return {
      server: await nginx({ folder, port, rtmpPort }),
      ports: [port, rtmpPort],
      publisher: [encodedPicture(mark, ['-f', 'flv', `rtmp://127.0.0.1:${rtmpPort}/live/camera`])],
      publishesTo: 'server',
      baseUrl: `http://127.0.0.1:${port}/`,
      playlist: 'camera.m3u8',
      accessLog: accessLogOf(folder),
    };
  },
};
