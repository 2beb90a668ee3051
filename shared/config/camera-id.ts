import { z } from 'zod';
import { FOLDER_ESCAPE_WORDS, folderEscape } from '../folder-escape.ts';

/** Longest id of a camera, in UTF-16 units. */
export const MAX_CAMERA_ID = 200;

/** What stands for the camera's id in a site's path. */
export const CAMERA = '{camera}';

/** Controls, line and paragraph separators, and halves of surrogate pairs, which no address can hold. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

/**
 * What the sites' servers call a camera. Any script, and slashes where a server names its streams by paths: `site/cam 1`,
 * `Tor 3 (Süd)`, `カメラ`. It stands in addresses ({@link cameraPath}), so that nothing of it may climb out of a folder, however
 * often a server decodes it: what the gateway would refuse is refused here.
 */
export const cameraIdSchema = z.string().superRefine((id, context) => {
  const problem = problemOf(id);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

/** One problem at a time: the first that is met. */
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
 * The path of one camera, from a site's path for all cameras: its id takes the place of `{camera}`, percent-encoded. Its slashes
 * stay slashes in the path; in the query, behind the first `?`, they are encoded as well.
 */
export function cameraPath(template: string, cameraId: string): string {
  // What is typed in a form was not checked yet, and half of a surrogate pair cannot be encoded.
  const id = cameraId.toWellFormed();
  const inPath = id.split('/').map(encodeURIComponent).join('/');
  const queryAt = template.indexOf('?');
  const pathEnd = queryAt < 0 ? template.length : queryAt;
  return (
    template.slice(0, pathEnd).replaceAll(CAMERA, inPath) +
    template.slice(pathEnd).replaceAll(CAMERA, encodeURIComponent(id))
  );
}
