import { z } from 'zod';
import { FOLDER_ESCAPE_WORDS, folderEscape } from '../folder-escape.ts';

/**
 * Beginnings of an address, which no path may have. Other names before a colon are names of streams: `ngrp:cam1_all`
 * (Wowza), `ts:master.m3u8` (OvenMediaEngine). They are never taken for a scheme, because every path follows
 * `/sites/<route>/` or a base address.
 */
const SCHEME = /^([a-z][a-z0-9+.-]*:\/\/|(https?|wss?|ftp|file|data|blob|javascript|about):)/i;

/**
 * A path below a site's base address, with the query that the server needs. `..`, a scheme and a leading `//` would
 * leave the site and are refused. The query may contain anything except control characters.
 */
export const sitePath = z
  .string()
  .min(1, 'must not be empty')
  .max(1024, 'must be at most 1024 characters long')
  .superRefine((path, context) => {
    const problem = problemOfPath(path);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

/** The first problem alone. */
function problemOfPath(path: string): string | null {
  if (/\p{Cc}/u.test(path)) return FOLDER_ESCAPE_WORDS.control;
  if (SCHEME.test(path)) return 'must be a path below the site, not an address';
  const folders = beforeQuery(path);
  if (path.startsWith('//') || folders.includes('\\')) return 'must be a path below the site';
  // Parts that mean the folder itself are removed from an address before the gateway sees it.
  const parts = folders.split('/').filter((part) => !/^(\.|%2e)$/i.test(part));
  const wayOut = folderEscape(parts.join('/'));
  if (wayOut === 'dots') return 'must not contain ".."';
  if (wayOut === null || wayOut === 'encoding') return wayOut && FOLDER_ESCAPE_WORDS[wayOut];
  return `${FOLDER_ESCAPE_WORDS[wayOut]}, percent-encoded or not`;
}

function beforeQuery(path: string): string {
  return path.replace(/[?#].*$/s, '');
}
