import { z } from 'zod';
import { MAX_CAMERA_ID } from '../config/camera-id.ts';
import type { JournalEntry } from './journal-entry.ts';

/** The wanted journal entries: those that match every given condition. */
export const journalFilterSchema = z.strictObject({
  camera: z.string().max(MAX_CAMERA_ID).optional(),
  /** A site that the entry is about: changed from or to, or the one of an alarm's stream. */
  site: z.string().max(64).optional(),
  kind: z.enum(['change', 'alarm', 'acknowledged']).optional(),
  cause: z.string().max(40).optional(),
  /** At or after this time, UTC. */
  from: z.iso.datetime().max(40).optional(),
  /** Before this time, UTC. */
  until: z.iso.datetime().max(40).optional(),
});
export type JournalFilter = z.infer<typeof journalFilterSchema>;

export function matchesFilter(entry: JournalEntry, filter: JournalFilter): boolean {
  const { camera, site, kind, cause, from, until } = filter;
  const timeMs = Date.parse(entry.time);
  return (
    (camera === undefined || entry.camera === camera) &&
    (kind === undefined || entry.kind === kind) &&
    (cause === undefined || ('cause' in entry && entry.cause === cause)) &&
    (site === undefined || sitesOf(entry).includes(site)) &&
    (from === undefined || timeMs >= Date.parse(from)) &&
    (until === undefined || timeMs < Date.parse(until))
  );
}

function sitesOf(entry: JournalEntry): string[] {
  switch (entry.kind) {
    case 'change':
      return [siteOf(entry.from), siteOf(entry.to)];
    case 'alarm':
      return [siteOf(entry.stream)];
    case 'acknowledged':
      return [];
  }
}

/** The site of a stream id, `<siteId>/<quality>`. */
function siteOf(streamId: string | null): string {
  return streamId === null ? '' : streamId.slice(0, streamId.lastIndexOf('/'));
}
