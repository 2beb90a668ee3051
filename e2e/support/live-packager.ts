import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const TYPES: Readonly<Record<string, string>> = {
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.ts': 'video/mp2t',
  '.m4s': 'video/iso.segment',
  '.mp4': 'video/mp4',
};

/**
 * An independent origin: ffmpeg encodes a live test picture and packages it as HLS with 1 s segments, and a plain file
 * server on loopback serves the files.
 */
export class LivePackager {
  private constructor(
    private readonly ffmpeg: ChildProcess,
    private readonly server: Server,
    readonly baseUrl: string,
  ) {}

  /**
   * @param picture an ffmpeg filter graph that makes the picture, by default a moving one
   * @param mark colour of the block in the top left corner, as ffmpeg names colours
   * @throws when ffmpeg cannot be started
   */
  static async start(
    folder: string,
    segments: 'mpegts' | 'fmp4',
    mark: string,
    picture = 'testsrc2=size=640x360:rate=15',
  ): Promise<LivePackager> {
    const ffmpeg = spawn(
      'ffmpeg',
      [
        ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-re'],
        ...['-f', 'lavfi', '-i', picture],
        ...['-vf', `drawbox=x=0:y=0:w=80:h=64:color=${mark}:t=fill,format=yuv420p`],
        // A constant quantiser encodes the same picture in the same way each time.
        ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '15', '-qp', '26'],
        ...['-f', 'hls', '-hls_time', '1', '-hls_list_size', '8', '-hls_segment_type', segments],
        ...['-hls_flags', 'delete_segments+program_date_time+independent_segments+temp_file'],
        path.join(folder, 'index.m3u8'),
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    await once(ffmpeg, 'spawn');
    const server = createServer((request, response) => {
      const name = path.basename(new URL(request.url ?? '/', 'http://site').pathname);
      readFile(path.join(folder, name)).then(
        (bytes) => {
          response.writeHead(200, {
            'content-type': TYPES[path.extname(name)] ?? 'application/octet-stream',
          });
          response.end(bytes);
        },
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const packager = new LivePackager(ffmpeg, server, `http://127.0.0.1:${port}/`);
    await packager.segments(3);
    return packager;
  }

  /** Waits until the playlist lists `count` segments: enough for a player to begin. */
  private async segments(count: number): Promise<void> {
    while (this.ffmpeg.exitCode === null) {
      const playlist = await fetch(`${this.baseUrl}index.m3u8`).then((response) =>
        response.ok ? response.text() : '',
      );
      if ((playlist.match(/#EXTINF/g) ?? []).length >= count) return;
      await pause(100);
    }
    throw new Error(`ffmpeg ended with code ${this.ffmpeg.exitCode} before it had written ${count} segments`);
  }

  /** Kills the encoder, as in a crash; its files are still served. */
  async killEncoder(): Promise<void> {
    if (this.ffmpeg.exitCode !== null || this.ffmpeg.signalCode !== null) return;
    const gone = once(this.ffmpeg, 'exit');
    this.ffmpeg.kill('SIGKILL');
    await gone;
  }

  /** The streams stop moving, as on a machine that hangs; the written files are still served. */
  pauseEncoder(): void {
    this.ffmpeg.kill('SIGSTOP');
  }

  resumeEncoder(): void {
    this.ffmpeg.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    await this.killEncoder();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
