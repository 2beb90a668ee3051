import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { JournalEntry } from '../../shared/journal-entry.ts';
import { fileProblem } from './file-problem.ts';

export type ExportFormat = 'csv' | 'json';

/** Every field of every kind of line, in the order in which things happen. */
const COLUMNS = [
  'time',
  'kind',
  'view',
  'tile',
  'camera',
  'from',
  'to',
  'alarm',
  'stream',
  'cause',
  'firstEvidenceAt',
  'firstFrameAt',
  'gapMs',
  'jumpMs',
  'by',
  'words',
] as const;

/**
 * Writes entries into a new file, named after the time, and gives its path.
 *
 * @throws Error in words when the file cannot be written
 */
export async function exportJournal(
  folder: string,
  entries: readonly JournalEntry[],
  { format, now }: { readonly format: ExportFormat; readonly now: Date },
): Promise<string> {
  const name = `holdfast-journal-${now.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15)}`;
  const text = format === 'csv' ? csvOf(entries) : `${JSON.stringify(entries, null, 1)}\n`;
  try {
    await mkdir(folder, { recursive: true });
    return await writeNew(path.join(folder, name), `.${format}`, text);
  } catch (error) {
    throw new Error(`The journal cannot be written into ${folder}: ${fileProblem(error)}.`, { cause: error });
  }
}

/** Never over a file that is there: two exports in one second are two files. */
async function writeNew(stem: string, ending: string, text: string): Promise<string> {
  for (let nth = 1; ; nth += 1) {
    const file = `${stem}${nth === 1 ? '' : `-${nth}`}${ending}`;
    try {
      await writeFile(file, text, { flag: 'wx' });
      return file;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

/** RFC 4180, with a header line. */
export function csvOf(entries: readonly JournalEntry[]): string {
  const lines = entries.map((entry) => {
    const fields = new Map<string, string | number | null | undefined>(Object.entries(entry));
    return COLUMNS.map((column) => cell(fields.get(column) ?? null)).join(',');
  });
  return [COLUMNS.join(','), ...lines, ''].join('\r\n');
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  // Readers of lines, and terminals, would take them for something else than text.
  const line = value.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
  // A name that begins so would be a formula to a spreadsheet (OWASP, "CSV Injection").
  const text = /^\s*[=+\-@]/.test(line) ? `'${line}` : line;
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
