/** Limit of levels of percent-encoding; no honest address has more. */
const MAX_DECODINGS = 8;

/** The result of {@link folderEscape}. */
export type FolderEscape = 'dots' | 'backslash' | 'control' | 'encoding';

/**
 * How a path, still percent-encoded, can leave the folder under which it is put: `.` and `..` in any spelling and under
 * any number of encodings (servers differ in how often they decode), a backslash (a slash to some), or a control
 * character. `null` for a path that stays below its folder.
 */
export function folderEscape(path: string): FolderEscape | null {
  let decoded = path;
  for (let round = 0; round < MAX_DECODINGS; round += 1) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
    if (/[\u0000-\u001f\u007f]/.test(decoded)) return 'control';
    if (decoded.includes('\\')) return 'backslash';
    if (decoded.split('/').some((part) => /^\.\.?(;|$)/.test(part))) return 'dots';
    const next = decoded.replace(/%([0-7][0-9a-f])/gi, (_match, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (next === decoded) return null;
    decoded = next;
  }
  return 'encoding';
}

/** The problem with such a path, in words that follow its place. */
export const FOLDER_ESCAPE_WORDS: Readonly<Record<FolderEscape, string>> = {
  dots: 'must not have "." or ".." as a part between slashes',
  backslash: 'must not contain a backslash',
  control: 'must not contain control characters',
  encoding: `must not be percent-encoded ${MAX_DECODINGS} times over`,
};
