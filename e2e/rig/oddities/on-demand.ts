import type { LiveFiles } from '../../../electron/demo/live-files.ts';

/**
 * A source that is started by the first request for a playlist, which waits for it, and stopped when nobody asks any more.
 * The other files belong to the stream whatever it does.
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
