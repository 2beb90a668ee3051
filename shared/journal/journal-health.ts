import { z } from 'zod';

/** Whether the journal's entries reach the disk. Its state never affects the pictures. */
export const journalHealthSchema = z.discriminatedUnion('kind', [
  /** `lostEntries`: number of entries lost in the write failure that has just ended. */
  z.strictObject({ kind: z.literal('writing'), lostEntries: z.int().min(0) }),
  z.strictObject({
    kind: z.literal('failing'),
    /** The disk's error, in words. */
    problem: z.string(),
    /** Number of entries that wait in memory until it works again, and of entries lost because too many waited. */
    keptEntries: z.int().min(0),
    lostEntries: z.int().min(0),
  }),
]);
export type JournalHealth = z.infer<typeof journalHealthSchema>;
