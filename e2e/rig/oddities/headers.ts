import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import { editFiles } from './edit-answers.ts';

export const CONTENT_CODINGS = ['gzip', 'deflate', 'br'] as const;
export type ContentCoding = (typeof CONTENT_CODINGS)[number];

const COMPRESS: Readonly<Record<ContentCoding, (bytes: Uint8Array) => Uint8Array>> = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
};

/** Every answer is compressed, whatever the request accepts: a delivery network may store files only in this form. */
export function compressed(files: LiveFiles, coding: ContentCoding): LiveFiles {
  return editFiles(files, (answer) => ({
    ...answer,
    body: COMPRESS[coding](typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body),
    headers: { ...answer.headers, 'content-encoding': coding },
  }));
}

/** The content types of a web server that does not know the endings of the file names. */
export function typed(
  files: LiveFiles,
  types: { readonly playlists: string; readonly media: string },
): LiveFiles {
  return editFiles(files, (answer) => ({
    ...answer,
    type: typeof answer.body === 'string' ? types.playlists : types.media,
  }));
}

const COOKIE = 'recorder_session=6f1c';

/** Playlists set a cookie, and media is refused without it. */
export function cookieBound(files: LiveFiles): LiveFiles {
  return editFiles(files, (answer, { cookies }) => {
    if (typeof answer.body === 'string')
      return { ...answer, headers: { ...answer.headers, 'set-cookie': `${COOKIE}; HttpOnly; Path=/` } };
    return cookies.split('; ').includes(COOKIE)
      ? answer
      : { kind: 'refused', status: 403, words: 'The cookie of the playlist is missing.' };
  });
}
