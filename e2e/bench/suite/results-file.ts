import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';

/** The content of a stored file. */
export interface StoredRecords<Record> {
  readonly records: readonly Record[];
  /** The incomplete last line: the benchmark ended while it wrote this line. `null` where the last line is complete. */
  readonly torn: string | null;
}

/**
 * Reads the text of results.jsonl.
 * @param schema of one line
 * @throws an error with the number of the first complete line that does not fit the schema
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

/** The finished runs of a benchmark on disk, one line each, so that a benchmark that was ended can continue. */
export class ResultsFile<Record> {
  readonly path: string;
  private readonly kept: Record[];

  private constructor(file: string, records: readonly Record[]) {
    this.path = file;
    this.kept = [...records];
  }

  /**
   * Opens the file, or an empty one where it does not exist, and cuts off an incomplete last line.
   * @throws where it cannot be read or written, or has other content
   */
  static async open<Record>(file: string, schema: z.ZodType<Record>): Promise<ResultsFile<Record>> {
    await mkdir(path.dirname(file), { recursive: true });
    const text = await textOf(file);
    const { records, torn } = parsed(file, text, schema);
    if (torn !== null) await writeFile(file, text.slice(0, text.length - torn.length));
    return new ResultsFile(file, records);
  }

  /**
   * Reads a file without changing it, and ignores an incomplete last line.
   * @returns no records where the file does not exist
   * @throws where it cannot be read, or has other content
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

/** The text of a file; empty where there is no such file. */
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
