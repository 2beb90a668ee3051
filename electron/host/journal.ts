import { appendFile, mkdir, open, readdir, readFile, stat, truncate, unlink } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../shared/clock.ts';
import { type JournalEntry, journalEntrySchema } from '../../shared/journal/journal-entry.ts';
import { type JournalFilter, matchesFilter } from '../../shared/journal/journal-filter.ts';
import type { JournalHealth } from '../../shared/journal/journal-health.ts';
import { fileProblem } from './file-problem.ts';
import { systemClock } from './system-clock.ts';

/** Time between a failed write and the next attempt, in milliseconds. */
const RETRY_MS = 5000;
/** Lines read at once: a whole journal read at once would block the host, and with it the pictures. */
const LINES_PER_TURN = 400;
/** Lines written and flushed at once: one by one, a disk takes about a hundred in a second. */
const LINES_PER_WRITE = 500;
/**
 * Default limit of waiting entries. It has room for a burst of everything that windows may report (request-limits.ts)
 * together with an acknowledgement of every possible alarm: nothing is lost while the disk works.
 */
export const MAX_QUEUED = 40_000;

export interface JournalOptions {
  /** Created if it is missing. It holds `journal-00000001.jsonl` and so on; the highest number is the newest. */
  readonly directory: string;
  /** Size at which a new file begins, in bytes; 5 MB by default. */
  readonly maxBytes?: number;
  /** Number of files that are kept, including the one that is written; 10 by default. */
  readonly keep?: number;
  /**
   * Limit of entries that wait in memory while the disk fails; beyond it the oldest are lost. {@link MAX_QUEUED} by
   * default.
   */
  readonly maxQueued?: number;
  /** Called once when writing begins to fail, not for each entry. */
  readonly onError?: (message: string) => void;
  /** Called once when writing works again, with the number of entries lost meanwhile. */
  readonly onRecovered?: (lostEntries: number) => void;
  /** Called when writing begins to fail, after each further failed attempt, and when it works again. */
  readonly onHealth?: (health: JournalHealth) => void;
  readonly clock?: Clock;
}

export type AppendResult =
  | { readonly kind: 'queued' }
  | { readonly kind: 'refused'; readonly message: string };

/**
 * The journal on disk: one line of JSON per entry (its lines: "The journal and the alarms" in shared/selector/README.md). Our own: packages that
 * write logs keep nothing for later while the disk fails, and do not read back what they wrote.
 */
export interface Journal {
  /** Takes an entry, in any state of the disk. Never throws and never waits. */
  append(entry: unknown): AppendResult;
  /** The newest matching entries first, including those of earlier runs and those not on disk yet. */
  recent(limit: number, filter?: JournalFilter): Promise<JournalEntry[]>;
  /** All matching entries, oldest first, some hundreds at a time: they are never all in memory. */
  all(filter?: JournalFilter): AsyncIterable<readonly JournalEntry[]>;
  /** Whether entries reach the disk. */
  health(): JournalHealth;
  /** Resolves when all appended entries are on disk, or their write was tried and failed. */
  flush(): Promise<void>;
  /** Flushes; afterwards entries are refused. */
  close(): Promise<void>;
}

export function openJournal(options: JournalOptions): Journal {
  const { directory, maxBytes = 5_000_000, keep = 10, maxQueued = MAX_QUEUED, clock = systemClock } = options;
  const { onError, onRecovered, onHealth } = options;
  /** Entries not on disk yet, oldest first. While `working`, the first ones are being written. */
  const queue: JournalEntry[] = [];
  let file: { number: number; bytes: number; endsInMidLine: boolean } | null = null;
  let state: 'writing' | 'failing' | 'closed' = 'writing';
  let lostEntries = 0;
  /** Why writing fails; empty while it works. */
  let problem = '';
  let stopRetry: (() => void) | null = null;
  /** Work on the files, one step at a time. Never rejects: a failed step does not stop the next. */
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
    // Ends a line that a crash or a full disk cut short, so that the next begins a line of its own.
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

  /** Writes the first entries of the queue, as many as the file and one write can take; returns those written. */
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
        // It is unknown how much was written: the file is examined before the next attempt.
        file = null;
        fail(error);
        return;
      }
      // If the queue overflowed meanwhile, some of the written entries are no longer in it.
      const waits = queue.findIndex((entry) => !written.has(entry));
      queue.splice(0, waits < 0 ? queue.length : waits);
    }
    recover();
  };

  const fail = (error: unknown): void => {
    stopRetry?.();
    stopRetry = state === 'closed' ? null : clock.after(RETRY_MS, scheduleDrain);
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

  /** The file after that number. `number` is `null` for the last file, whose entries include those not on disk yet. */
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
      // A failing disk is tried again after a time, not with every entry.
      if (state === 'writing') scheduleDrain();
      return { kind: 'queued' };
    },
    recent: async (limit, filter = {}) => {
      const found: JournalEntry[] = [];
      await work(async () => {
        found.push(...queue.toReversed().filter((entry) => matchesFilter(entry, filter)));
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
        // The rest of the queue is read together with the last file, so that an entry that moves from one to the other
        // comes once.
        const next = await readNext(number);
        for await (const entries of entriesOf(next.text, filter)) yield entries;
        yield next.queued.filter((entry) => matchesFilter(entry, filter));
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

/** Cuts a partly written file to its former length, so that the next attempt does not write a line twice. */
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

/**
 * Removes the files beyond `keep`, including `newest`. A file that cannot be removed is tried again with the next one.
 */
async function removeOldest(directory: string, keep: number, newest: number): Promise<void> {
  const older = (await fileNumbers(directory)).filter((number) => number < newest);
  for (const number of older.slice(0, Math.max(0, older.length - (keep - 1))))
    await unlink(path.join(directory, fileName(number))).catch(() => undefined);
}

/** Up to `limit` entries of a file, newest first. Lines that are no entries, torn by a crash, are skipped. */
async function newestEntries(text: string, limit: number, filter: JournalFilter): Promise<JournalEntry[]> {
  const lines = text.split('\n');
  const entries: JournalEntry[] = [];
  for (let index = lines.length - 1; index >= 0 && entries.length < limit; index -= 1) {
    if (index % LINES_PER_TURN === 0) await setImmediate();
    const entry = parseLine(lines[index] ?? '');
    if (entry !== null && matchesFilter(entry, filter)) entries.push(entry);
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
    if (entry !== null && matchesFilter(entry, filter)) entries.push(entry);
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
