import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import { PLAYLIST_TYPE } from '../../../electron/demo/live-playlist.ts';

export const SOURCE_GONE_ANSWERS = ['empty-list', 'empty-answer', 'ended-list'] as const;
export type SourceGoneAnswer = (typeof SOURCE_GONE_ANSWERS)[number];

const EMPTY_LIST = '#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:0\n';

/** A server whose answer for a camera that sends nothing is not 404. */
export function tellingOfGoneSource(files: LiveFiles, answer: SourceGoneAnswer): LiveFiles {
  return {
    ...files,
    answer(file, query, nowMs, condition, cookies) {
      const { sourceGoneSinceMs } = condition;
      if (sourceGoneSinceMs === null) return files.answer(file, query, nowMs, condition, cookies);
      if (answer === 'ended-list') {
        const last = files.answer(
          file,
          query,
          Math.min(nowMs, sourceGoneSinceMs),
          { ...condition, sourceGoneSinceMs: null },
          cookies,
        );
        return last.kind === 'file' && typeof last.body === 'string'
          ? { ...last, body: `${last.body}#EXT-X-ENDLIST\n` }
          : last;
      }
      if (!file.endsWith('.m3u8')) return files.answer(file, query, nowMs, condition, cookies);
      return { kind: 'file', type: PLAYLIST_TYPE, body: answer === 'empty-list' ? EMPTY_LIST : '' };
    },
  };
}
