import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { accessLogOf, missingNginx, nginx } from './nginx.ts';
import { encodedPicture, PICTURE_SIZE, PICTURES_PER_S, rawPicture } from './picture.ts';
import { freePorts } from './ports.ts';
import type { Program } from './program.ts';
import { missingCommand, type RealServer } from './real-server.ts';

/** Evidence against packagers that write files, which nginx serves. When one of them ends, its last playlist stays. */
const STOPPED = /^(stalled|too-slow)$/;

/** @param chain the programs that make `index.m3u8` in the folder */
function behindNginx(
  name: string,
  missing: () => string | null,
  chain: (folder: string, mark: string) => readonly Program[],
  publisherGone = STOPPED,
): RealServer {
  return {
    name,
    publisherGone,
    missing: () => missingNginx() ?? missingCommand('ffmpeg', 'ffmpeg') ?? missing(),
    async plan({ folder, mark }) {
      const [port = 0] = await freePorts(1);
      return {
        server: await nginx({ folder, port }),
        ports: [port],
        publisher: chain(folder, mark),
        publishesTo: 'files',
        baseUrl: `http://127.0.0.1:${port}/`,
        playlist: 'index.m3u8',
        accessLog: accessLogOf(folder),
      };
    },
  };
}

/** The pipe that passes the pictures of one program to the next. */
function pipeIn(folder: string): string {
  const pipe = path.join(folder, 'pictures');
  execFileSync('mkfifo', [pipe]);
  return pipe;
}

export const FFMPEG = behindNginx(
  'ffmpeg behind nginx',
  () => null,
  (folder, mark) => [
    encodedPicture(mark, [
      ...['-f', 'hls', '-hls_time', '1', '-hls_list_size', '8'],
      ...['-hls_flags', 'delete_segments+temp_file', path.join(folder, 'index.m3u8')],
    ]),
  ],
);

export const GSTREAMER = behindNginx(
  'GStreamer behind nginx',
  () => {
    const tools = missingCommand('gst-launch-1.0', 'gstreamer1.0-tools');
    if (tools !== null) return tools;
    try {
      for (const element of [
        'hlssink2',
        'splitmuxsink',
        'mpegtsmux',
        'h264parse',
        'x264enc',
        'rawvideoparse',
      ])
        execFileSync('gst-inspect-1.0', ['--exists', element]);
      return null;
    } catch {
      return 'GStreamer lacks plugins: apt-get install gstreamer1.0-plugins-{base,good,bad,ugly}';
    }
  },
  (folder, mark) => {
    const pipe = pipeIn(folder);
    const { width, height } = PICTURE_SIZE;
    const pipeline = [
      ...['filesrc', `location=${pipe}`],
      ...[
        '!',
        'rawvideoparse',
        `width=${width}`,
        `height=${height}`,
        'format=i420',
        `framerate=${PICTURES_PER_S}/1`,
      ],
      // The sink requests key pictures where it wants to cut.
      ...['!', 'x264enc', 'tune=zerolatency', 'speed-preset=ultrafast', 'bitrate=300', 'key-int-max=600'],
      ...['!', 'h264parse', '!', 'hlssink2', 'target-duration=1', 'playlist-length=8', 'max-files=16'],
      ...[`location=${folder}/%05d.ts`, `playlist-location=${folder}/index.m3u8`],
    ];
    return [rawPicture(mark, pipe), { command: 'gst-launch-1.0', args: ['-q', ...pipeline] }];
  },
);

/** VLC refuses to run as root. */
const NOBODY = { uid: 65_534, gid: 65_534 } as const;

export const VLC = behindNginx(
  'VLC behind nginx',
  () => missingCommand('cvlc', 'vlc-bin vlc-plugin-base'),
  (folder, mark) => {
    const pipe = pipeIn(folder);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) for (const writable of [folder, pipe]) chmodSync(writable, 0o777);
    const list = `seglen=1,delsegs=true,numsegs=8,index=${folder}/index.m3u8,index-url=########.ts`;
    const output = `#std{access=livehttp{${list}},mux=ts{use-key-frames},dst=${folder}/########.ts}`;
    return [
      encodedPicture(mark, ['-f', 'mpegts', pipe]),
      {
        command: 'cvlc',
        args: ['-q', `stream://${pipe}`, '--sout', output, 'vlc://quit'],
        // Its settings and caches are removed with the folder.
        env: { HOME: folder, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder },
        ...(isRoot && { user: NOBODY }),
      },
    ];
  },
  // If its input ends first, it removes its files.
  /^(http-404|stalled|too-slow)$/,
);
