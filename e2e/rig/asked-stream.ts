import { ClipFolder } from '../../electron/demo/clip-folder.ts';
import type { LiveAnswer, LiveFiles, StreamCondition } from '../../electron/demo/live-files.ts';
import { USUAL_CONDITION } from '../../electron/demo/live-files.ts';
import { EPOCH_MS } from '../../electron/demo/live-timeline.ts';
import { PLAIN_SHAPE, type StreamShape } from '../../electron/demo/stream-shape.ts';
import { CLIPS_DIRECTORY } from '../../electron/demo/testing/test-clips.ts';
import { type CameraStream, streamOfCamera } from './stream-of-camera.ts';

/** Time of the tests' requests, ms since 1970: more than eleven days after the shared epoch, in the middle of a second. */
export const ASKED_MS = EPOCH_MS + 1_000_000_500;
/** Number of a segment of 1 s that is available at {@link ASKED_MS}, as are the next few. */
export const NUMBER = 999_990;

const folder = new ClipFolder(CLIPS_DIRECTORY);

/** One camera's stream, which answers requests without a network. */
export class AskedStream {
  readonly files: LiveFiles;

  private constructor(files: LiveFiles) {
    this.files = files;
  }

  static async of(
    differs: Partial<Omit<CameraStream, 'stream'>> & { readonly stream?: Partial<StreamShape> },
    furtherBaseUrl: string | null = null,
  ): Promise<AskedStream> {
    const { stream, ...rest } = differs;
    const files = await streamOfCamera(
      {
        pictures: 'demo',
        server: 'files',
        oddities: [],
        oddWhen: 'always',
        ...rest,
        stream: { ...PLAIN_SHAPE, ...stream },
      },
      { id: 'quay', number: 1, name: 'Quay', clip: 'quay', phaseMs: 0 },
      { clips: 'main', furtherBaseUrl },
      folder,
    );
    return new AskedStream(files);
  }

  /** @param address relative to the camera's folder, with its query */
  ask(
    address: string,
    nowMs: number = ASKED_MS,
    condition: Partial<StreamCondition> = {},
    cookies = '',
  ): LiveAnswer {
    const [file = '', search = ''] = address.split('?');
    return this.files.answer(
      file,
      new URLSearchParams(search),
      nowMs,
      { ...USUAL_CONDITION, ...condition },
      cookies,
    );
  }

  /** The text of a playlist. @throws {Error} where the answer is no playlist */
  playlist(
    address = 'index.m3u8',
    nowMs?: number,
    condition?: Partial<StreamCondition>,
    cookies?: string,
  ): string {
    const answer = this.ask(address, nowMs, condition, cookies);
    if (answer.kind !== 'file' || typeof answer.body !== 'string')
      throw new Error(`"${address}" is no playlist but ${answer.kind}`);
    return answer.body;
  }

  /** The bytes of a segment or an init segment. @throws {Error} where the answer is no media */
  media(address: string, nowMs?: number, condition?: Partial<StreamCondition>): Uint8Array {
    const answer = this.ask(address, nowMs, condition);
    if (answer.kind !== 'file' || typeof answer.body === 'string')
      throw new Error(`"${address}" is no media but ${answer.kind}`);
    return answer.body;
  }
}

/** The addresses that a playlist lists. */
export function addressesIn(playlist: string): string[] {
  return playlist.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}
