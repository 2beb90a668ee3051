import { ClipFolder } from '../../electron/demo/clip-folder.ts';
import type { LiveAnswer, LiveFiles, StreamCondition } from '../../electron/demo/live-files.ts';
import { USUAL_CONDITION } from '../../electron/demo/live-files.ts';
import { EPOCH_MS } from '../../electron/demo/live-timeline.ts';
import { PLAIN_SHAPE, type StreamShape } from '../../electron/demo/stream-shape.ts';
import { CLIPS_DIRECTORY } from '../../electron/demo/testing/test-clips.ts';
import { type CameraStream, streamOfCamera } from './stream-of-camera.ts';

/** When the tests ask: eleven days and some after the shared epoch, in the middle of a second. */
export const ASKED_MS = EPOCH_MS + 1_000_000_500;
/** A segment of one second that can be had then, and a few after it. */
export const NUMBER = 999_990;

const folder = new ClipFolder(CLIPS_DIRECTORY);

/** One camera's stream, asked without a network. */
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

  /** @param address with its query, below the camera */
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

  /** A playlist's text. @throws {Error} where none is given */
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

  /** The bytes of a segment or an init segment. @throws {Error} where none are given */
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
