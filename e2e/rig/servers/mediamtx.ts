import type { Clip } from '../../../electron/demo/fmp4.ts';
import type { LiveAnswer, LiveFiles } from '../../../electron/demo/live-files.ts';
import { PLAYLIST_FILE, PLAYLIST_TYPE } from '../../../electron/demo/live-playlist.ts';
import { multivariantPlaylist } from '../../../electron/demo/multivariant-playlist.ts';
import { editAddresses } from '../oddities/edit-answers.ts';
import { Sessions } from './sessions.ts';

/** MediaMTX 1.18 and newer close a session that is not used for this time, ms. */
const IDLE_MS = 30_000;
const MEDIA_PLAYLIST = 'main_stream.m3u8';
const SESSION = 'session';
const SESSION_COOKIE = 'hlsSession';
const COOKIE_CHECK = 'cookieCheck';
/** Attributes of a cookie that a client keeps and sends over HTTPS only. */
const SECURE_ONLY = '; HttpOnly; Secure; SameSite=None; Partitioned';

/** What differs between the releases that keep sessions. */
interface Ways {
  readonly cookies: 'also-over-http' | 'over-https';
  /** Delay of the answer that there is no such session, ms. */
  readonly refusesAfterMs: number;
}

/** Releases 1.18.0 to 1.19.0. The later ones up to 1.20.0 are the same, but refuse without a delay. */
export const MEDIAMTX_1_18: Ways = { cookies: 'also-over-http', refusesAfterMs: 2000 };
/** Releases from 1.20.1. */
export const MEDIAMTX_1_20_1: Ways = { cookies: 'over-https', refusesAfterMs: 0 };

/**
 * A stream as MediaMTX serves it. `index.m3u8` redirects once, to find out whether the client keeps cookies, and then makes a
 * session. The session is in a cookie or, for a client without cookies, in the query of all addresses. If a request has both,
 * the cookie counts. Without an open session, the answer for every file but `index.m3u8` is 401, whatever the login.
 * @param files a stream that is not multivariant
 * @param clip the clip that the stream shows, for the multivariant playlist
 */
export function servedByMediaMtx(files: LiveFiles, clip: Clip, ways: Ways): LiveFiles {
  const sessions = new Sessions<object>('6c0a4f3e-', IDLE_MS);
  const cookie = (name: string, value: string): { 'set-cookie': string[] } => {
    const set = `${name}=${value}`;
    return {
      'set-cookie': ways.cookies === 'over-https' ? [set + SECURE_ONLY] : [set, set + SECURE_ONLY],
    };
  };
  const begun = (
    query: URLSearchParams,
    nowMs: number,
    isGone: boolean,
    brought: ReadonlyMap<string, string>,
  ): LiveAnswer => {
    if (!isAfterRedirect(query)) {
      const checked = new URLSearchParams(query);
      checked.set(COOKIE_CHECK, '1');
      return {
        kind: 'redirect',
        location: `${PLAYLIST_FILE}?${checked}`,
        headers: cookie(COOKIE_CHECK, '1'),
      };
    }
    if (isGone) return { kind: 'missing', words: 'no stream is available' };
    const id = sessions.make(nowMs, {});
    const keepsCookies = brought.get(COOKIE_CHECK) === '1';
    const handedOn = new URLSearchParams(query);
    handedOn.delete(COOKIE_CHECK);
    if (!keepsCookies) handedOn.set(SESSION, id);
    return {
      kind: 'file',
      type: PLAYLIST_TYPE,
      body: withQuery(multivariantPlaylist([{ uri: MEDIA_PLAYLIST, clip }]), handedOn),
      ...(keepsCookies && { headers: cookie(SESSION_COOKIE, id) }),
    };
  };

  return {
    sessions: (nowMs) => sessions.count(nowMs),
    answer(file, query, nowMs, condition, cookies = ''): LiveAnswer {
      const isGone = condition.sourceGoneSinceMs !== null;
      if (isGone) sessions.endAll();
      const brought = cookiesIn(cookies);
      if (file === PLAYLIST_FILE) return begun(query, nowMs, isGone, brought);
      const id = brought.get(SESSION_COOKIE) ?? query.get(SESSION);
      if (id === null || sessions.find(id, nowMs, condition) === null)
        return {
          kind: 'refused',
          status: 401,
          words: '{"status":"error","error":"authentication error"}',
          afterMs: ways.refusesAfterMs,
        };
      sessions.use(id, nowMs);
      const real = file === MEDIA_PLAYLIST ? PLAYLIST_FILE : file;
      const answer = files.answer(real, query, nowMs, condition, cookies);
      if (answer.kind !== 'file' || typeof answer.body !== 'string') return answer;
      return { ...answer, body: withQuery(answer.body, query) };
    },
  };
}

/** A playlist whose addresses have the query of its own request, without what requests a state of the playlist (`_HLS_…`). */
function withQuery(text: string, query: URLSearchParams): string {
  const handedOn = new URLSearchParams([...query].filter(([name]) => !name.startsWith('_HLS_')));
  return handedOn.size === 0 ? text : editAddresses(text, (address) => `${address}?${handedOn}`);
}

/** Whether a request is the one that follows the redirect. */
export function isAfterRedirect(query: URLSearchParams): boolean {
  return query.get(COOKIE_CHECK) === '1';
}

function cookiesIn(header: string): ReadonlyMap<string, string> {
  return new Map(
    header.split('; ').map((cookie) => {
      const [name = '', value = ''] = cookie.split(/=(.*)/s);
      return [name, value] as const;
    }),
  );
}
