import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import { editPlaylists } from './edit-answers.ts';

/** What makes a line of the list long, as the tokens of delivery networks do. */
const TOKEN = '?token=5f2c1d0e9b8a7766554433221100ffee';

/**
 * A list to which segments are only ever added (EXT-X-PLAYLIST-TYPE:EVENT).
 * @param bytesAtStart about how long it is when it is asked for first; it grows from there
 */
export function growing(files: LiveFiles, bytesAtStart: number): LiveFiles {
  let firstListed: number | null = null;
  return editPlaylists(files, (text) => {
    const { head, sequence, entries } = takeApart(text);
    const [example] = entries;
    if (example === undefined) return text;
    const addressed = (entry: string): string =>
      entry.replace(/^[^#\n].*$/m, (address) => `${address}${TOKEN}`);
    firstListed ??= Math.max(
      0,
      sequence - (Math.floor(bytesAtStart / addressed(example).length) - entries.length),
    );
    const older = Array.from({ length: sequence - firstListed }, (_, index) =>
      addressed(earlier(example, sequence, sequence - (firstListed ?? 0) - index)),
    );
    return [
      head.replace(
        /^#EXT-X-MEDIA-SEQUENCE:.*$/m,
        `#EXT-X-MEDIA-SEQUENCE:${firstListed}\n#EXT-X-PLAYLIST-TYPE:EVENT`,
      ),
      ...older,
      ...entries.map(addressed),
    ].join('');
  });
}

interface TakenApart {
  /** Up to the first segment's own lines. */
  readonly head: string;
  readonly sequence: number;
  /** Each segment with its lines, up to its address. */
  readonly entries: readonly string[];
}

function takeApart(text: string): TakenApart {
  const entries = [...text.matchAll(/(?:#EXT-X-PROGRAM-DATE-TIME:.*\n)?#EXTINF:.*\n[^#\n].*\n/g)];
  return {
    head: text.slice(0, entries[0]?.index),
    sequence: Number(/^#EXT-X-MEDIA-SEQUENCE:(\d+)$/m.exec(text)?.[1]),
    entries: entries.map(([entry]) => entry),
  };
}

/** The entry of a segment that lies `by` before the one that is `first`. */
function earlier(entry: string, first: number, by: number): string {
  const durationMs = 1000 * Number(/#EXTINF:([\d.]+)/.exec(entry)?.[1]);
  return entry
    .replace(/(?<=DATE-TIME:).*/, (date) => new Date(Date.parse(date) - by * durationMs).toISOString())
    .replace(/^\d+(?=\.(?:ts|m4s)$)/m, String(first - by));
}
