import { z } from 'zod';

const instant = z.iso.datetime();

/**
 * One line of the journal (behaviour.md, "What a tile knows of each change"). Times are UTC, ISO 8601 with
 * milliseconds.
 */
export const journalEntrySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('change'),
    /** When the tile decided. */
    time: instant,
    view: z.string().max(80),
    /** The cell, counted from 1, row by row. */
    tile: z.int().min(1).max(64),
    camera: z.string().max(64),
    /** Stream ids, `<siteId>/<quality>`; `null` where no picture was shown before. */
    from: z.string().max(140).nullable(),
    to: z.string().max(140),
    cause: z.string().max(40),
    /** The first evidence against `from`, where evidence was the reason. */
    firstEvidenceAt: instant.nullable(),
    /** The first frame of `to` on the screen. */
    firstFrameAt: instant,
    /** Longest time without a new picture around the change, from frame to frame, in ms; `null` at the start. */
    gapMs: z.number().min(0).nullable(),
    /** How far the picture's program date-time jumped beyond the time that passed, in ms; `null` without date-times. */
    jumpMs: z.number().nullable(),
  }),
  z.strictObject({
    kind: z.literal('alarm'),
    time: instant,
    view: z.string().max(80),
    tile: z.int().min(1).max(64),
    camera: z.string().max(64),
    alarm: z.enum([
      'changed-over',
      'no-redundancy',
      'no-video',
      'frozen',
      'black',
      'redundancy-restored',
      'video-restored',
      'picture-restored',
    ]),
    /** The stream that the alarm is about, where it is about one. */
    stream: z.string().max(140).nullable(),
    cause: z.string().max(40).nullable(),
  }),
]);
export type JournalEntry = z.infer<typeof journalEntrySchema>;
