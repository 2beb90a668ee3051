import type { LiveFiles } from '../../../electron/demo/live-files.ts';

/**
 * A source that starts with the first request and stops after `idleMs` without a request. While it starts, for `startMs`,
 * requests for playlists wait; other files are answered at once.
 */
export function startedOnDemand(files: LiveFiles, startMs: number, idleMs: number): LiveFiles {
  let lastAskedMs = Number.NEGATIVE_INFINITY;
  let startedMs = Number.NEGATIVE_INFINITY;
  return {
    ...files,
    answer(file, query, nowMs, condition, cookies) {
      if (nowMs - lastAskedMs > idleMs || condition.serverStartedMs > lastAskedMs)
        startedMs = nowMs + startMs;
      lastAskedMs = nowMs;
      if (file.endsWith('.m3u8') && nowMs < startedMs) return { kind: 'wait', untilMs: startedMs };
      return files.answer(file, query, nowMs, condition, cookies);
    },
  };
}
