import type { LiveAnswer, LiveFiles, StreamCondition } from '../../../electron/demo/live-files.ts';

export interface Asked {
  readonly file: string;
  readonly query: URLSearchParams;
  readonly nowMs: number;
  readonly condition: StreamCondition;
  readonly cookies: string;
}

export type FileAnswer = Extract<LiveAnswer, { kind: 'file' }>;

/** The same server, where `edit` changes the answer for each file. */
export function editFiles(
  files: LiveFiles,
  edit: (answer: FileAnswer, asked: Asked) => LiveAnswer,
): LiveFiles {
  return {
    ...files,
    answer(file, query, nowMs, condition, cookies = '') {
      const answer = files.answer(file, query, nowMs, condition, cookies);
      return answer.kind === 'file' ? edit(answer, { file, query, nowMs, condition, cookies }) : answer;
    },
  };
}

/** The same server, where `edit` changes the text of each playlist. */
export function editPlaylists(files: LiveFiles, edit: (text: string, asked: Asked) => string): LiveFiles {
  return editFiles(files, (answer, asked) =>
    typeof answer.body === 'string' ? { ...answer, body: edit(answer.body, asked) } : answer,
  );
}

/** The same server, where `edit` changes each segment, part and init segment. */
export function editMedia(
  files: LiveFiles,
  edit: (bytes: Uint8Array, asked: Asked) => Uint8Array,
): LiveFiles {
  return editFiles(files, (answer, asked) =>
    typeof answer.body === 'string' ? answer : { ...answer, body: edit(answer.body, asked) },
  );
}

/** A playlist in which `edit` changes each address: those on lines of their own, and those in attributes. */
export function editAddresses(text: string, edit: (address: string) => string): string {
  return text
    .replace(/^[^#\n].*$/gm, (address) => edit(address))
    .replace(/URI="([^"]+)"/g, (_attribute, address: string) => `URI="${edit(address)}"`);
}

/** The number in the name of a segment's file: 12 for `main/12.3.m4s`. @throws {RangeError} for any other file */
export function segmentNumber(file: string): number {
  const named = /(?:^|\/)(\d+)(?:\.\d+)?\.(?:ts|m4s)$/.exec(file);
  if (named === null) throw new RangeError(`"${file}" is no segment`);
  return Number(named[1]);
}
