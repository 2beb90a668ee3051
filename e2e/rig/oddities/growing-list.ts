import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import { editPlaylists } from './edit-answers.ts';

/** Makes each address in the playlist long, as the tokens of delivery networks do. */
const TOKEN = '?token=5f2c1d0e9b8a7766554433221100ffee';

/**
 * A playlist to which segments are added and from which none is removed (EXT-X-PLAYLIST-TYPE:EVENT).
 * @param bytesAtStart its approximate length at the first request, bytes; it grows from there
 */
export function growing(files: LiveFiles, bytesAtStart: number): LiveFiles {
  let listed: { readonly first: number; past: string; pastEnd: number } | null = null;
  return editPlaylists(files, (text) => {
    const { head, sequence, entries } = takeApart(text);
    const [example] = entries;
    if (example === undefined) return text;
    if (listed === null || sequence < listed.pastEnd) {
      const most = Math.floor(bytesAtStart / withToken(example).length) - entries.length;
      const first = Math.max(0, sequence - Math.max(0, most));
      listed = { first, past: '', pastEnd: first };
    }
    for (; listed.pastEnd < sequence; listed.pastEnd++)
      listed.past += withToken(earlier(example, sequence, sequence - listed.pastEnd));
    const tags = `#EXT-X-MEDIA-SEQUENCE:${listed.first}\n#EXT-X-PLAYLIST-TYPE:EVENT`;
    return [head.replace(/^#EXT-X-MEDIA-SEQUENCE:.*$/m, tags), listed.past, ...entries.map(withToken)].join(
      '',
    );
  });
}

function withToken(entry: string): string {
  return entry.replace(/^[^#\n].*$/m, (address) => `${address}${TOKEN}`);
}

interface TakenApart {
  /** The text before the lines of the first segment. */
  readonly head: string;
  readonly sequence: number;
  /** The lines of each segment. The last one is its address. */
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

/** The entry of the segment with the number `first - by`, made from that of the segment with the number `first`. */
function earlier(entry: string, first: number, by: number): string {
  const durationMs = 1000 * Number(/#EXTINF:([\d.]+)/.exec(entry)?.[1]);
  return entry
    .replace(/(?<=DATE-TIME:).*/, (date) => new Date(Date.parse(date) - by * durationMs).toISOString())
    .replace(/^\d+(?=\.(?:ts|m4s)$)/m, String(first - by));
}
