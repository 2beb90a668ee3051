import { z } from 'zod';

/** Whether the journal's lines reach the disk. Whatever it is, it never holds up the pictures. */
export const journalHealthSchema = z.discriminatedUnion('kind', [
  /** `lostEntries`: given up while writing failed until just now. */
  z.strictObject({ kind: z.literal('writing'), lostEntries: z.int().min(0) }),
  z.strictObject({
    kind: z.literal('failing'),
    /** What the disk objected to, in words. */
    problem: z.string(),
    /** Lines that wait in memory until it works again, and lines given up because too many waited. */
    keptEntries: z.int().min(0),
    lostEntries: z.int().min(0),
  }),
]);
export type JournalHealth = z.infer<typeof journalHealthSchema>;
