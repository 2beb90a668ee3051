import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { JournalEntry } from '../../shared/journal/journal-entry.ts';
import { fileProblem } from './file-problem.ts';

export type ExportFormat = 'csv' | 'json';

/** Every field of every kind of entry, in the order in which things happen. */
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
  'comesAndGoes',
  'since',
  'until',
  'turns',
  'stoodMs',
] as const;

/**
 * Writes entries into a new file, named after the time, as they arrive: they need not be in memory together. A file
 * that cannot be finished is removed.
 * @param entries oldest first
 * @throws Error in words when the file cannot be written
 */
export async function exportJournal(
  folder: string,
  entries: AsyncIterable<readonly JournalEntry[]>,
  { format, now }: { readonly format: ExportFormat; readonly now: Date },
): Promise<{ readonly file: string; readonly lines: number }> {
  const name = `holdfast-journal-${now.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15)}`;
  try {
    await mkdir(folder, { recursive: true });
    const { file, handle } = await createNew(path.join(folder, name), `.${format}`);
    try {
      const lines = await writeAll(handle, entries, FORMATS[format]);
      await handle.close();
      return { file, lines };
    } catch (error) {
      await handle.close().catch(() => undefined);
      await unlink(file).catch(() => undefined);
      throw error;
    }
  } catch (error) {
    throw new Error(`The journal cannot be written into ${folder}: ${fileProblem(error)}.`, { cause: error });
  }
}

/** Never overwrites: two exports in one second make two files. */
async function createNew(stem: string, ending: string): Promise<{ file: string; handle: FileHandle }> {
  for (let nth = 1; ; nth += 1) {
    const file = `${stem}${nth === 1 ? '' : `-${nth}`}${ending}`;
    try {
      return { file, handle: await open(file, 'wx') };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

interface Format {
  readonly head: string;
  readonly line: (entry: JournalEntry) => string;
  readonly between: string;
  readonly foot: string;
}

/** Without it, spreadsheets read UTF-8 as the workstation's old 8-bit encoding. JSON must not have one (RFC 8259). */
const BYTE_ORDER_MARK = '\uFEFF';

/** CSV is RFC 4180, with a header line. */
const FORMATS: Readonly<Record<ExportFormat, Format>> = {
  csv: {
    head: `${BYTE_ORDER_MARK}${COLUMNS.join(',')}\r\n`,
    line: (entry) => `${csvLine(entry)}\r\n`,
    between: '',
    foot: '',
  },
  json: { head: '[', line: (entry) => `\n${JSON.stringify(entry)}`, between: ',', foot: '\n]\n' },
};

/** Returns the number of entries. */
async function writeAll(
  handle: FileHandle,
  entries: AsyncIterable<readonly JournalEntry[]>,
  { head, line, between, foot }: Format,
): Promise<number> {
  let lines = 0;
  await handle.appendFile(head);
  for await (const some of entries) {
    if (some.length === 0) continue;
    await handle.appendFile(`${lines > 0 ? between : ''}${some.map(line).join(between)}`);
    lines += some.length;
  }
  await handle.appendFile(foot);
  return lines;
}

function csvLine(entry: JournalEntry): string {
  const fields = new Map<string, string | number | null | undefined>(Object.entries(flat(entry)));
  return COLUMNS.map((column) => cell(fields.get(column) ?? null)).join(',');
}

/** CSV has no nested fields. */
function flat(entry: JournalEntry): Readonly<Record<string, string | number | null | undefined>> {
  if (entry.kind !== 'alarm') return entry;
  const { comesAndGoes, ...rest } = entry;
  if (comesAndGoes === undefined) return rest;
  const { phase, ...turns } = comesAndGoes;
  return { ...rest, comesAndGoes: phase, ...turns };
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  // Line-based readers and terminals would not take these characters for text.
  const line = value.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
  // A spreadsheet takes text with such a beginning for a formula, also in full width, and also after a semicolon where
  // that is the separator (OWASP, "CSV Injection").
  const text = line.replaceAll(/(^|;)(?=\s*[=+\-@＝＋－＠])/g, "$1'");
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
