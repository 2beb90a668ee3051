import { z } from 'zod';
import { FOLDER_ESCAPE_WORDS, folderEscape } from '../folder-escape.ts';

/** Length limit of a camera's id, in UTF-16 units. */
export const MAX_CAMERA_ID = 200;

/** Placeholder of the camera's id in a site's path. */
export const CAMERA = '{camera}';

/** Controls, line and paragraph separators, and halves of surrogate pairs, which no address can contain. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

/**
 * The name of a camera at the sites' servers. It may be in any script, with slashes where a server names its streams by
 * paths: `site/cam 1`, `Tor 3 (Süd)`, `カメラ`. It is a part of addresses ({@link cameraPath}), so it must not leave a
 * folder, however often a server decodes it. What the gateway would refuse is refused here.
 */
export const cameraIdSchema = z.string().superRefine((id, context) => {
  const problem = problemOf(id);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

/** The first problem alone. */
function problemOf(id: string): string | null {
  if (id === '') return 'must not be empty';
  if (id.length > MAX_CAMERA_ID) return `must be at most ${MAX_CAMERA_ID} characters long`;
  if (CONTROL.test(id)) return FOLDER_ESCAPE_WORDS.control;
  if (id.trim() !== id) return 'must not begin or end with a blank';
  if (id.includes('\\')) return FOLDER_ESCAPE_WORDS.backslash;
  const segments = id.split('/');
  if (segments.includes('')) return 'must not begin or end with a slash, nor have two of them side by side';
  if (segments.some((segment) => segment === '.' || segment === '..')) return FOLDER_ESCAPE_WORDS.dots;
  const wayOut = folderEscape(cameraPath(CAMERA, id));
  if (wayOut === null || wayOut === 'encoding') return wayOut && FOLDER_ESCAPE_WORDS[wayOut];
  return `${FOLDER_ESCAPE_WORDS[wayOut]}, which a server may read in "${id}"`;
}

/**
 * The path of one camera, made from a site's path for all cameras: its id, percent-encoded, replaces `{camera}`. Its
 * slashes stay slashes in the path; in the query, after the first `?`, they are encoded as well.
 */
export function cameraPath(template: string, cameraId: string): string {
  // An id that is just being typed is not checked yet, and half of a surrogate pair cannot be encoded.
  const id = cameraId.toWellFormed();
  const inPath = id.split('/').map(encodeURIComponent).join('/');
  const queryAt = template.indexOf('?');
  const pathEnd = queryAt < 0 ? template.length : queryAt;
  return (
    template.slice(0, pathEnd).replaceAll(CAMERA, inPath) +
    template.slice(pathEnd).replaceAll(CAMERA, encodeURIComponent(id))
  );
}
