import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { encodedPicture } from './picture.ts';
import { freePorts } from './ports.ts';
import { missingCommand, missingProgram, type RealServer } from './real-server.ts';

const streamSchema = z.object({ consumers: z.array(z.unknown()).nullable() });

/**
 * go2rtc, where HOLDFAST_GO2RTC names the program. Each viewer has a session, which moves only when it gets requests.
 */
export const GO2RTC: RealServer = {
  name: 'go2rtc',
  publisherGone: /^(no-media-yet|stalled|too-slow|timeout|picture-stall|http-404)$/,
  missing: () => missingProgram('HOLDFAST_GO2RTC') ?? missingCommand('ffmpeg', 'ffmpeg'),
  async plan({ folder, mark }) {
    const [port = 0, rtspPort = 0] = await freePorts(2);
    const settings = path.join(folder, 'go2rtc.yaml');
    await writeFile(
      settings,
      `api: { listen: "127.0.0.1:${port}" }
rtsp: { listen: "127.0.0.1:${rtspPort}" }
webrtc: { listen: "" }
log: { level: warn }
streams: { camera: "" }
`,
    );
    return {
      server: { command: process.env.HOLDFAST_GO2RTC ?? '', args: ['-config', settings] },
      ports: [port, rtspPort],
      publisher: [
        encodedPicture(mark, ['-f', 'rtsp', '-rtsp_transport', 'tcp', `rtsp://127.0.0.1:${rtspPort}/camera`]),
      ],
      publishesTo: 'server',
      baseUrl: `http://127.0.0.1:${port}/`,
      playlist: 'api/stream.m3u8?src=camera',
      // It never lists more.
      segmentsToBegin: 2,
      async readers() {
        const answer = await fetch(`http://127.0.0.1:${port}/api/streams?src=camera`);
        return streamSchema.parse(await answer.json()).consumers?.length ?? 0;
      },
    };
  },
};
