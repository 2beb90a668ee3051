import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import { editFiles } from './edit-answers.ts';

const FREE = Buffer.from('\0\0\0\x08free', 'latin1');

/** Segments of fragmented MP4 with `count` empty boxes before their media. */
export function withManyBoxes(files: LiveFiles, count: number): LiveFiles {
  const boxes = Buffer.concat(Array<Buffer>(count).fill(FREE));
  return editFiles(files, (answer, { file }) =>
    typeof answer.body === 'string' || !file.endsWith('.m4s')
      ? answer
      : { ...answer, body: Buffer.concat([boxes, answer.body]) },
  );
}
