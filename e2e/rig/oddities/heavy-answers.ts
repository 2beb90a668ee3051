import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { AnswerManner, LiveFiles } from '../../../electron/demo/live-files.ts';
import { editFiles } from './edit-answers.ts';
import { uint32 } from './mp4-boxes.ts';

/** Length of an answer after it is unpacked, bytes: more than any answer may have. */
const UNPACKED_BYTES = 150_000_000;
const HEADER_BYTES = 1_000_000;
const KEY_BYTES = 50_000_000;

export const ANSWERS = ['playlists', 'media'] as const;
export type Answers = (typeof ANSWERS)[number];

/** The same server, where `edit` changes the answers of one kind. */
function ofKind(files: LiveFiles, of: Answers, edit: Parameters<typeof editFiles>[1]): LiveFiles {
  return editFiles(files, (answer, asked) =>
    (typeof answer.body === 'string') === (of === 'playlists') ? edit(answer, asked) : answer,
  );
}

/** Answers of some kilobytes that are far larger when they are unpacked. */
export function packedBombs(files: LiveFiles, of: Answers): LiveFiles {
  const head =
    of === 'playlists'
      ? Buffer.from('#EXTM3U\n')
      : Buffer.concat([uint32(UNPACKED_BYTES), Buffer.from('free')]);
  const content = Buffer.alloc(UNPACKED_BYTES, of === 'playlists' ? '# \n' : 0);
  head.copy(content);
  const body = gzipSync(content);
  return ofKind(files, of, (answer) => ({
    ...answer,
    body,
    headers: { ...answer.headers, 'content-encoding': 'gzip' },
  }));
}

/** Answers with a header of a megabyte. */
export function withLargeHeaders(files: LiveFiles, of: Answers): LiveFiles {
  const large = 'x'.repeat(HEADER_BYTES);
  return ofKind(files, of, (answer) => ({ ...answer, headers: { ...answer.headers, 'x-large': large } }));
}

/** Each answer redirects to the next of ten places, and the last place to the first one. */
export function inARing(files: LiveFiles, of: Answers): LiveFiles {
  return ofKind(files, of, (_answer, { file, query }) => ({
    kind: 'redirect',
    location: `${file.replace(/^.*\//, '')}?place=${(Number(query.get('place') ?? 0) + 1) % 10}`,
  }));
}

/** Answers that are sent in the given manner, for instance in small pieces. */
export function sentIn(files: LiveFiles, of: Answers, manner: AnswerManner): LiveFiles {
  return ofKind(files, of, (answer) => ({ ...answer, manner }));
}

/** Media with a key that is far longer than a key may be. */
export function underLargeKey(files: LiveFiles): LiveFiles {
  const key = randomBytes(KEY_BYTES);
  return {
    ...files,
    answer(file, ...rest) {
      if (file === 'large.key') return { kind: 'file', type: 'application/octet-stream', body: key };
      const answer = files.answer(file, ...rest);
      if (answer.kind !== 'file' || typeof answer.body !== 'string') return answer;
      const tag = '#EXT-X-KEY:METHOD=AES-128,URI="large.key"\n#EXTINF:';
      return { ...answer, body: answer.body.replace(/^#EXTINF:/m, tag) };
    },
  };
}
