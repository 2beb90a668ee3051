import { appendFile, mkdir, open, readdir, readFile, stat, truncate, unlink } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type JournalEntry, journalEntrySchema } from '../../shared/journal/journal-entry.ts';
import { type JournalFilter, meetsFilter } from '../../shared/journal/journal-filter.ts';
import type { JournalHealth } from '../../shared/journal/journal-health.ts';
import { type Clock, systemClock } from './clock.ts';
import { fileProblem } from './file-problem.ts';

/** How long after a failure the disk is tried again, in milliseconds. */
const RETRY_MS = 5000;
/** Lines read at once: a whole journal read in one go would hold up the host, and with it the pictures. */
const LINES_PER_TURN = 400;
/** Lines written at once, each time to the disk itself: one by one a disk takes a hundred in a second. */
const LINES_PER_WRITE = 500;
/**
 * Entries that wait by default. A burst of what windows may tell (request-limits.ts) and the acknowledgement of every alarm
 * there can be fit in it together: while the disk works, nothing is given up.
 */
export const MAX_QUEUED = 40_000;

export interface JournalOptions {
  /** Made where it does not exist; holds `journal-00000001.jsonl` and so on, the highest number the newest. */
  readonly directory: string;
  /** Size at which a new file is begun, in bytes; 5 MB by default. */
  readonly maxBytes?: number;
  /** How many files are kept, the one being written among them; 10 by default. */
  readonly keep?: number;
  /** How many entries wait in memory while the disk fails; beyond it the oldest are given up. {@link MAX_QUEUED} by default. */
  readonly maxQueued?: number;
  /** Told once when writing begins to fail, not for each entry. */
  readonly onError?: (message: string) => void;
  /** Told once when writing works again, with the number of entries given up meanwhile. */
  readonly onRecovered?: (lostEntries: number) => void;
  /** Told when writing begins to fail, with every further try that fails, and when it works again. */
  readonly onHealth?: (health: JournalHealth) => void;
  readonly clock?: Clock;
}

export type AppendResult =
  | { readonly kind: 'queued' }
  | { readonly kind: 'refused'; readonly message: string };

/** The journal on disk: one line of JSON per entry (behaviour.md, "What a tile knows of each change"). */
export interface Journal {
  /** Takes an entry, whatever the disk does. Never throws and never waits. */
  append(entry: unknown): AppendResult;
  /** The newest entries first that meet the filter, also those of earlier runs and those not on disk yet. */
  recent(limit: number, filter?: JournalFilter): Promise<JournalEntry[]>;
  /** All entries that meet the filter, oldest first, some hundreds at a time: never all of them in memory. */
  all(filter?: JournalFilter): AsyncIterable<readonly JournalEntry[]>;
  /** Whether entries reach the disk. */
  health(): JournalHealth;
  /** Resolves when all that was appended is on disk, or was tried and the disk fails. */
  flush(): Promise<void>;
  /** Flushes; afterwards entries are refused. */
  close(): Promise<void>;
}

export function openJournal(options: JournalOptions): Journal {
  const { directory, maxBytes = 5_000_000, keep = 10, maxQueued = MAX_QUEUED, clock = systemClock } = options;
  const { onError, onRecovered, onHealth } = options;
  /** What is not on disk yet, oldest first. The first ones are being written while `working` is. */
  const queue: JournalEntry[] = [];
  let file: { number: number; bytes: number; endsInMidLine: boolean } | null = null;
  let state: 'writing' | 'failing' | 'closed' = 'writing';
  let lostEntries = 0;
  /** Why writing fails, while it does. */
  let problem = '';
  let stopRetry: (() => void) | null = null;
  /** Work on the files, one thing at a time. Never rejects: one thing that goes wrong stops no other. */
  let working: Promise<void> = Promise.resolve();
  let drainIsDue = false;

  const work = (task: () => Promise<void>): Promise<void> => {
    const done = working.then(task);
    working = done.catch(() => undefined);
    return done;
  };

  const write = async (lines: string): Promise<void> => {
    file ??= await openNewest(directory);
    const name = path.join(directory, fileName(file.number));
    // A line that a crash or a full disk cut short is closed, so that the next stands by itself.
    const text = file.endsInMidLine ? `\n${lines}` : lines;
    try {
      await appendFile(name, text, { flush: true });
    } catch (error) {
      await takeBack(name, file.bytes).catch(() => undefined);
      throw error;
    }
    file.bytes += Buffer.byteLength(text);
    file.endsInMidLine = false;
  };

  /** Writes the first of the queue, as many as go into the file and into one write; gives those written. */
  const writeFirst = async (): Promise<ReadonlySet<JournalEntry>> => {
    file ??= await openNewest(directory);
    const written = new Set<JournalEntry>();
    let lines = '';
    let { bytes } = file;
    for (const entry of queue.slice(0, LINES_PER_WRITE)) {
      const line = `${JSON.stringify(entry)}\n`;
      const after = bytes + Buffer.byteLength(line);
      if (bytes > 0 && after > maxBytes) {
        if (written.size > 0) break;
        file = { number: file.number + 1, bytes: 0, endsInMidLine: false };
        await removeOldest(directory, keep, file.number);
        bytes = 0;
      }
      lines += line;
      bytes += Buffer.byteLength(line);
      written.add(entry);
    }
    await write(lines);
    return written;
  };

  const drain = async (): Promise<void> => {
    drainIsDue = false;
    while (queue.length > 0) {
      let written: ReadonlySet<JournalEntry>;
      try {
        written = await writeFirst();
      } catch (error) {
        // How much was written is unknown: look again before the next try.
        file = null;
        fail(error);
        return;
      }
      // While they were being written the queue may have overflowed and given some up.
      const waits = queue.findIndex((entry) => !written.has(entry));
      queue.splice(0, waits < 0 ? queue.length : waits);
    }
    recover();
  };

  const fail = (error: unknown): void => {
    stopRetry?.();
    stopRetry = state === 'closed' ? null : clock.schedule(scheduleDrain, RETRY_MS);
    announce(fileProblem(error));
    onHealth?.(health());
  };

  const announce = (why: string): void => {
    problem = why;
    if (state !== 'writing') return;
    state = 'failing';
    onError?.(`the journal in ${directory} cannot be written: ${why}`);
  };

  const recover = (): void => {
    if (state !== 'failing') return;
    state = 'writing';
    onRecovered?.(lostEntries);
    onHealth?.({ kind: 'writing', lostEntries });
    lostEntries = 0;
  };

  const health = (): JournalHealth =>
    state === 'failing'
      ? { kind: 'failing', problem, keptEntries: queue.length, lostEntries }
      : { kind: 'writing', lostEntries: 0 };

  /** The file after that number. `number` is `null` when it is the last one, with all that is not on disk yet. */
  const readNext = async (
    after: number,
  ): Promise<{ number: number | null; text: string; queued: readonly JournalEntry[] }> => {
    let text = '';
    let number: number | null = null;
    let queued: readonly JournalEntry[] = [];
    await work(async () => {
      const [next, further] = (await fileNumbers(directory)).filter((each) => each > after);
      if (next !== undefined)
        text = await readFile(path.join(directory, fileName(next)), 'utf8').catch(() => '');
      if (next !== undefined && further !== undefined) number = next;
      else queued = [...queue];
    });
    return { number, text, queued };
  };

  const scheduleDrain = (): void => {
    if (drainIsDue) return;
    drainIsDue = true;
    void work(drain);
  };

  return {
    append: (value) => {
      const checked = journalEntrySchema.safeParse(value);
      if (!checked.success) {
        const issues = checked.error.issues.map(
          ({ path: where, message }) => `${where.join('.') || 'the entry'}: ${message}`,
        );
        return { kind: 'refused', message: `not a journal entry: ${issues.join('; ')}` };
      }
      if (state === 'closed') return { kind: 'refused', message: 'the journal is closed' };
      queue.push(checked.data);
      if (queue.length > maxQueued) {
        queue.shift();
        lostEntries += 1;
        announce('the disk does not keep up');
      }
      // A failing disk is tried again by the clock, not by every entry.
      if (state === 'writing') scheduleDrain();
      return { kind: 'queued' };
    },
    recent: async (limit, filter = {}) => {
      const found: JournalEntry[] = [];
      await work(async () => {
        found.push(...queue.toReversed().filter((entry) => meetsFilter(entry, filter)));
        for (const number of (await fileNumbers(directory)).reverse()) {
          if (found.length >= limit) break;
          const text = await readFile(path.join(directory, fileName(number)), 'utf8').catch(() => '');
          found.push(...(await newestEntries(text, limit - found.length, filter)));
        }
      });
      return found.slice(0, limit);
    },
    all: async function* (filter = {}) {
      for (let number = 0; ; ) {
        // The rest of the queue is taken with the last file, so that what is moved from one to the other comes once.
        const next = await readNext(number);
        for await (const entries of entriesOf(next.text, filter)) yield entries;
        yield next.queued.filter((entry) => meetsFilter(entry, filter));
        if (next.number === null) return;
        number = next.number;
      }
    },
    health,
    flush: () => work(drain),
    close: async () => {
      stopRetry?.();
      await work(drain);
      state = 'closed';
      stopRetry?.();
    },
  };
}

function fileName(number: number): string {
  return `journal-${String(number).padStart(8, '0')}.jsonl`;
}

/** The numbers of the journal's files, lowest first; none where the directory cannot be read. */
async function fileNumbers(directory: string): Promise<number[]> {
  const names = await readdir(directory).catch(() => []);
  return names
    .flatMap((name) => /^journal-(\d{8,})\.jsonl$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

async function openNewest(directory: string) {
  await mkdir(directory, { recursive: true });
  const number = (await fileNumbers(directory)).at(-1) ?? 1;
  const name = path.join(directory, fileName(number));
  const bytes = await stat(name).then(
    ({ size }) => size,
    () => 0,
  );
  return { number, bytes, endsInMidLine: bytes > 0 && (await lastByte(name, bytes)) !== '\n' };
}

/** Makes a file that was written in part as long as it was before, so that no line is there twice after the next try. */
async function takeBack(name: string, bytes: number): Promise<void> {
  if ((await stat(name)).size > bytes) await truncate(name, bytes);
}

async function lastByte(name: string, bytes: number): Promise<string> {
  const handle = await open(name, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, bytes - 1);
    return buffer.toString('latin1');
  } finally {
    await handle.close();
  }
}

/** Removes what is beyond `keep` files, `newest` counted as one. A file that cannot be removed is tried at the next. */
async function removeOldest(directory: string, keep: number, newest: number): Promise<void> {
  const older = (await fileNumbers(directory)).filter((number) => number < newest);
  for (const number of older.slice(0, Math.max(0, older.length - (keep - 1))))
    await unlink(path.join(directory, fileName(number))).catch(() => undefined);
}

/** Up to `limit` entries of a file, newest first. Lines that are no entries, torn by a crash, are passed over. */
async function newestEntries(text: string, limit: number, filter: JournalFilter): Promise<JournalEntry[]> {
  const lines = text.split('\n');
  const entries: JournalEntry[] = [];
  for (let index = lines.length - 1; index >= 0 && entries.length < limit; index -= 1) {
    if (index % LINES_PER_TURN === 0) await setImmediate();
    const entry = parseLine(lines[index] ?? '');
    if (entry !== null && meetsFilter(entry, filter)) entries.push(entry);
  }
  return entries;
}

/** The entries of a file, oldest first, some at a time. */
async function* entriesOf(text: string, filter: JournalFilter): AsyncGenerator<readonly JournalEntry[]> {
  let entries: JournalEntry[] = [];
  let lines = 0;
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const entry = parseLine(text.slice(from, end < 0 ? text.length : end));
    if (entry !== null && meetsFilter(entry, filter)) entries.push(entry);
    from = end < 0 ? text.length : end + 1;
    lines += 1;
    if (lines % LINES_PER_TURN > 0) continue;
    await setImmediate();
    yield entries;
    entries = [];
  }
  yield entries;
}

function parseLine(line: string): JournalEntry | null {
  if (line === '') return null;
  try {
    return journalEntrySchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
