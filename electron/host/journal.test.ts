import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JournalEntry } from '../../shared/journal/journal-entry.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { openJournal } from './journal.ts';

function entry(number: number): JournalEntry {
  return {
    kind: 'alarm',
    time: new Date(Date.UTC(2026, 0, 1) + number).toISOString(),
    view: 'all',
    tile: 1,
    camera: `camera-${number}`,
    alarm: 'no-video',
    stream: null,
    cause: 'refused',
  };
}

function cameras(entries: readonly JournalEntry[]): string[] {
  return entries.map(({ camera }) => camera?.replace('camera-', '') ?? '');
}

let root: string;
let directory: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'holdfast-journal-'));
  directory = path.join(root, 'journal');
});
afterEach(() => rm(root, { recursive: true }));

describe('the journal', () => {
  it('keeps each entry as one line of JSON', async () => {
    const journal = openJournal({ directory });
    expect(journal.append(entry(1))).toEqual({ kind: 'queued' });
    journal.append(entry(2));
    await journal.close();
    const text = await readFile(path.join(directory, 'journal-00000001.jsonl'), 'utf8');
    expect(text).toBe(`${JSON.stringify(entry(1))}\n${JSON.stringify(entry(2))}\n`);
  });

  it('gives the newest first, at most as many as requested, including those not on disk yet', async () => {
    const journal = openJournal({ directory });
    for (let number = 1; number <= 5; number += 1) journal.append(entry(number));
    expect(cameras(await journal.recent(3))).toEqual(['5', '4', '3']);
    expect(cameras(await journal.recent(100))).toEqual(['5', '4', '3', '2', '1']);
    await journal.close();
  });

  it('survives a restart', async () => {
    const first = openJournal({ directory });
    first.append(entry(1));
    await first.close();
    const second = openJournal({ directory });
    second.append(entry(2));
    expect(cameras(await second.recent(10))).toEqual(['2', '1']);
    await second.close();
    expect(await readdir(directory)).toEqual(['journal-00000001.jsonl']);
  });

  it('refuses what is no entry and says why', async () => {
    const journal = openJournal({ directory });
    const refused = journal.append({ ...entry(1), tile: 0, extra: true });
    expect(refused).toMatchObject({ kind: 'refused', message: expect.stringContaining('tile: ') });
    expect(journal.append(undefined)).toMatchObject({ kind: 'refused' });
    expect(await journal.recent(10)).toEqual([]);
    await journal.close();
  });

  it('refuses entries once it is closed', async () => {
    const journal = openJournal({ directory });
    await journal.close();
    expect(journal.append(entry(1))).toEqual({ kind: 'refused', message: 'the journal is closed' });
  });
});

describe('a filter', () => {
  it('finds the entries that match it, however old, in all files', async () => {
    const journal = openJournal({ directory, maxBytes: 2 * JSON.stringify(entry(10)).length + 2 });
    for (let number = 10; number < 20; number += 1) journal.append(entry(number));
    await journal.flush();
    expect(cameras(await journal.recent(5, { camera: 'camera-11' }))).toEqual(['11']);
    await journal.close();
  });
});

describe('the whole journal', () => {
  const lineBytes = JSON.stringify(entry(10)).length + 1;
  async function allOf(entries: AsyncIterable<readonly JournalEntry[]>): Promise<string[]> {
    const found: string[] = [];
    for await (const some of entries) found.push(...cameras(some));
    return found;
  }

  it('comes oldest first over all files, with entries not on disk yet, filtered as requested', async () => {
    const journal = openJournal({ directory, maxBytes: 3 * lineBytes });
    for (let number = 10; number < 20; number += 1) journal.append(entry(number));
    await journal.flush();
    journal.append(entry(20));
    const wanted = ['10', '11', '12', '13', '14', '15', '16', '17', '18', '19', '20'];
    expect(await allOf(journal.all())).toEqual(wanted);
    expect(await allOf(journal.all({ camera: 'camera-13' }))).toEqual(['13']);
    await journal.close();
  });

  it('has each entry once while entries are written, with at most one file in memory', async () => {
    const journal = openJournal({ directory, maxBytes: 3 * lineBytes });
    for (let number = 10; number < 16; number += 1) journal.append(entry(number));
    await journal.flush();
    const found: string[] = [];
    let written = 100;
    for await (const some of journal.all()) {
      expect(some.length).toBeLessThanOrEqual(3);
      found.push(...cameras(some));
      if (written < 103) {
        journal.append(entry(written));
        written += 1;
        await journal.flush();
      }
    }
    expect(new Set(found).size).toBe(found.length);
    expect(found.slice(0, 6)).toEqual(['10', '11', '12', '13', '14', '15']);
    await journal.close();
  });

  it('is empty where there is no journal', async () => {
    const journal = openJournal({ directory });
    expect(await allOf(journal.all())).toEqual([]);
    await journal.close();
  });
});

describe('a burst', () => {
  it('of everything that all windows may report at once is on disk in full, in order', async () => {
    const journal = openJournal({ directory });
    for (let number = 0; number < 30_000; number += 1) journal.append(entry(number));
    await journal.flush();
    expect(journal.health()).toEqual({ kind: 'writing', lostEntries: 0 });
    const lines: string[] = [];
    for (const file of (await readdir(directory)).sort())
      lines.push(...(await readFile(path.join(directory, file), 'utf8')).trimEnd().split('\n'));
    expect(lines.map((line) => JSON.parse(line).camera)).toEqual(
      Array.from({ length: 30_000 }, (_, number) => `camera-${number}`),
    );
    await journal.close();
  });
});

describe('rotation', () => {
  const lineBytes = JSON.stringify(entry(10)).length + 1;

  it('begins a new file before one grows too large, keeps the given number, and reads over all of them', async () => {
    const journal = openJournal({ directory, maxBytes: 2 * lineBytes, keep: 3 });
    for (let number = 10; number < 20; number += 1) journal.append(entry(number));
    await journal.flush();
    const files = (await readdir(directory)).sort();
    expect(files).toEqual(['journal-00000003.jsonl', 'journal-00000004.jsonl', 'journal-00000005.jsonl']);
    for (const file of files) expect((await stat(path.join(directory, file))).size).toBe(2 * lineBytes);
    expect(cameras(await journal.recent(5))).toEqual(['19', '18', '17', '16', '15']);
    expect(await journal.recent(100)).toHaveLength(6);
    await journal.close();
  });

  it('continues the newest file after a restart', async () => {
    const options = { directory, maxBytes: 2 * lineBytes };
    const first = openJournal(options);
    for (let number = 10; number < 13; number += 1) first.append(entry(number));
    await first.close();
    const second = openJournal(options);
    for (let number = 13; number < 15; number += 1) second.append(entry(number));
    await second.close();
    const last = await readFile(path.join(directory, 'journal-00000003.jsonl'), 'utf8');
    expect(last).toBe(`${JSON.stringify(entry(14))}\n`);
  });

  it('leaves other files in its folder alone', async () => {
    await mkdir(directory);
    await writeFile(path.join(directory, 'notes.txt'), 'mine');
    const journal = openJournal({ directory, maxBytes: 1, keep: 1 });
    for (let number = 10; number < 13; number += 1) journal.append(entry(number));
    await journal.close();
    expect((await readdir(directory)).sort()).toEqual(['journal-00000003.jsonl', 'notes.txt']);
  });
});

describe('after a crash', () => {
  it('skips a torn last line and begins the next on a line of its own', async () => {
    const first = openJournal({ directory });
    first.append(entry(1));
    await first.close();
    await appendFile(path.join(directory, 'journal-00000001.jsonl'), JSON.stringify(entry(2)).slice(0, 30));
    const second = openJournal({ directory });
    expect(cameras(await second.recent(10))).toEqual(['1']);
    second.append(entry(3));
    await second.flush();
    expect(cameras(await second.recent(10))).toEqual(['3', '1']);
    await second.close();
  });
});

describe('a failing disk', () => {
  it('is reported once, loses nothing, and is reported again when it works', async () => {
    await writeFile(directory, 'a file where the folder should be');
    const clock = new VirtualClock();
    const onError = vi.fn();
    const onRecovered = vi.fn();
    const journal = openJournal({ directory, clock, onError, onRecovered });
    journal.append(entry(1));
    await journal.flush();
    journal.append(entry(2));
    await journal.flush();
    clock.tick(5000);
    await journal.flush();
    expect(onError).toHaveBeenCalledOnce();
    expect(onError.mock.calls[0]?.[0]).toContain(
      `the journal in ${directory} cannot be written: there is a file in the place of a folder`,
    );
    expect(cameras(await journal.recent(10))).toEqual(['2', '1']);
    await rm(directory);
    clock.tick(5000);
    await vi.waitFor(() => expect(onRecovered).toHaveBeenCalledExactlyOnceWith(0));
    await journal.close();
    const text = await readFile(path.join(directory, 'journal-00000001.jsonl'), 'utf8');
    expect(text).toBe(`${JSON.stringify(entry(1))}\n${JSON.stringify(entry(2))}\n`);
  });

  it('loses the oldest entries once too many wait, and says how many', async () => {
    await writeFile(directory, 'a file where the folder should be');
    const onRecovered = vi.fn();
    const journal = openJournal({ directory, maxQueued: 3, clock: new VirtualClock(), onRecovered });
    journal.append(entry(1));
    await journal.flush();
    for (let number = 2; number <= 5; number += 1) journal.append(entry(number));
    expect(cameras(await journal.recent(10))).toEqual(['5', '4', '3']);
    await rm(directory);
    await journal.flush();
    expect(onRecovered).toHaveBeenCalledExactlyOnceWith(2);
    await journal.close();
  });

  it('that is too slow is reported once, too', async () => {
    const onError = vi.fn();
    const onRecovered = vi.fn();
    const journal = openJournal({ directory, maxQueued: 3, onError, onRecovered });
    for (let number = 1; number <= 5; number += 1) journal.append(entry(number));
    await journal.flush();
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      `the journal in ${directory} cannot be written: the disk does not keep up`,
    );
    expect(onRecovered).toHaveBeenCalledExactlyOnceWith(2);
    expect(cameras(await journal.recent(10))).toEqual(['5', '4', '3']);
    await journal.close();
  });

  it.skipIf(process.platform !== 'linux')(
    'that is full is reported in words with the number of waiting entries',
    async () => {
      await mkdir(directory);
      const file = path.join(directory, 'journal-00000001.jsonl');
      // The kernel's device for a full disk: every write fails with ENOSPC.
      await symlink('/dev/full', file);
      const clock = new VirtualClock();
      const onHealth = vi.fn();
      const journal = openJournal({ directory, clock, onHealth });
      journal.append(entry(1));
      await journal.flush();
      journal.append(entry(2));
      clock.tick(5000);
      await journal.flush();
      const failing = { kind: 'failing', problem: 'the disk is full', keptEntries: 2, lostEntries: 0 };
      expect(onHealth).toHaveBeenLastCalledWith(failing);
      expect(journal.health()).toEqual(failing);
      await rm(file);
      clock.tick(5000);
      await journal.flush();
      expect(onHealth).toHaveBeenLastCalledWith({ kind: 'writing', lostEntries: 0 });
      expect(await readFile(file, 'utf8')).toBe(`${JSON.stringify(entry(1))}\n${JSON.stringify(entry(2))}\n`);
      await journal.close();
    },
  );

  it('that is never repaired does not stop the journal from closing', async () => {
    await writeFile(directory, 'a file where the folder should be');
    const clock = new VirtualClock();
    const journal = openJournal({ directory, clock });
    journal.append(entry(1));
    await journal.close();
    expect(clock.pending()).toBe(0);
  });
});
