import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';

/** What a stored file says. */
export interface StoredRecords<Record> {
  readonly records: readonly Record[];
  /** The last line without its end: a run was ended while writing it. `null` where there is none. */
  readonly torn: string | null;
}

/**
 * Reads the text of results.jsonl.
 * @param schema of one line
 * @throws with the line's number where a whole line is none of ours
 */
export function parseRecords<Record>(text: string, schema: z.ZodType<Record>): StoredRecords<Record> {
  const lines = text.split('\n');
  const last = lines.pop();
  const records = lines.map((line, index) => {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw new Error(`line ${index + 1} is not JSON`);
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new Error(`line ${index + 1}: ${issue?.path.join('.')}: ${issue?.message}`);
  });
  return { records, torn: last === undefined || last === '' ? null : last };
}

/** The finished runs of a benchmark on disk, one line each, so that an ended run can go on. */
export class ResultsFile<Record> {
  readonly path: string;
  private readonly kept: Record[];

  private constructor(file: string, records: readonly Record[]) {
    this.path = file;
    this.kept = [...records];
  }

  /**
   * Opens the file, made where it does not exist; a torn last line is cut off.
   * @throws where it cannot be read or written, or holds something else
   */
  static async open<Record>(file: string, schema: z.ZodType<Record>): Promise<ResultsFile<Record>> {
    await mkdir(path.dirname(file), { recursive: true });
    const text = await textOf(file);
    const { records, torn } = parsed(file, text, schema);
    if (torn !== null) await writeFile(file, text.slice(0, text.length - torn.length));
    return new ResultsFile(file, records);
  }

  /**
   * Reads a file without changing it; a torn last line is left out.
   * @returns none where the file does not exist
   * @throws where it cannot be read, or holds something else
   */
  static async read<Record>(file: string, schema: z.ZodType<Record>): Promise<readonly Record[]> {
    return parsed(file, await textOf(file), schema).records;
  }

  get records(): readonly Record[] {
    return this.kept;
  }

  async append(record: Record): Promise<void> {
    await appendFile(this.path, `${JSON.stringify(record)}\n`);
    this.kept.push(record);
  }
}

/** Empty where the file does not exist. */
function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}

function parsed<Record>(file: string, text: string, schema: z.ZodType<Record>): StoredRecords<Record> {
  try {
    return parseRecords(text, schema);
  } catch (error) {
    throw new Error(
      `${file} is not a file of this benchmark's results: ${error instanceof Error ? error.message : error}. Give another folder with --out, or remove it.`,
    );
  }
}
