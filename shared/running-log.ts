import { z } from 'zod';

/**
 * What a running viewer can be asked to print (`--log`): what each tile observes and commands, and the requests of its window
 * for playlists and media.
 */
export const LOG_TOPICS = ['tile', 'gateway'] as const;
export type LogTopic = (typeof LOG_TOPICS)[number];
export const logTopicsSchema = z.array(z.enum(LOG_TOPICS));

/** Longest line, in characters, and most lines that a window sends at once. */
export const MAX_LOG_LINE = 500;
export const MAX_LOG_LINES = 200;

/** Lines for the log, without control characters: they go to a terminal. */
export const logLinesSchema = z
  .array(
    z
      .string()
      .max(MAX_LOG_LINE)
      .regex(/^\P{Cc}*$/u),
  )
  .max(MAX_LOG_LINES);
