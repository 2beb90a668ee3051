import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../shared/journal/journal-entry.ts';
import { type ExportFormat, exportJournal } from './journal-export.ts';

const change: JournalEntry = {
  kind: 'change',
  time: '2031-04-09T14:03:12.345Z',
  view: 'North, "wall"',
  tile: 3,
  camera: 'gate',
  from: 'main/sub',
  to: 'backup/sub',
  cause: 'refused',
  firstEvidenceAt: '2031-04-09T14:03:12.300Z',
  firstFrameAt: '2031-04-09T14:03:12.400Z',
  gapMs: 67,
  jumpMs: -40,
};
const acknowledged: JournalEntry = {
  kind: 'acknowledged',
  time: '2031-04-09T14:05:00.000Z',
  view: '=1+1',
  tile: 3,
  camera: 'gate',
  alarm: 'changed-over',
  by: 'anna',
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-export-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function* inParts(...parts: JournalEntry[][]): AsyncGenerator<readonly JournalEntry[]> {
  yield* parts;
}

/** The text of the file into which the entries are exported. */
async function exported(entries: readonly JournalEntry[], format: ExportFormat): Promise<string> {
  const now = new Date('2031-04-09T15:00:00Z');
  const { file } = await exportJournal(folder, inParts([...entries]), { format, now });
  return readFile(file, 'utf8');
}

/** The lines of a CSV file without its byte order mark, the header first. */
async function csvLines(...entries: JournalEntry[]): Promise<string[]> {
  return (await exported(entries, 'csv')).slice(1).split('\r\n');
}

describe('CSV', () => {
  it('begins with a byte order mark, so that a spreadsheet reads its names correctly', async () => {
    const csv = await exported([{ ...acknowledged, camera: 'Tor 3 (Süd)' }], 'csv');
    expect([...csv].filter((character) => character === '\uFEFF')).toHaveLength(1);
    expect(csv).toMatch(/^\uFEFFtime,/);
    expect(await exported([], 'csv')).toMatch(/^\uFEFFtime,/);
  });

  it('gives each field of each kind its column, quoted where necessary', async () => {
    expect(await csvLines(change, acknowledged)).toEqual([
      'time,kind,view,tile,camera,from,to,alarm,stream,cause,firstEvidenceAt,firstFrameAt,gapMs,jumpMs,by,words,comesAndGoes,since,until,turns,stoodMs',
      '2031-04-09T14:03:12.345Z,change,"North, ""wall""",3,gate,main/sub,backup/sub,,,refused,2031-04-09T14:03:12.300Z,2031-04-09T14:03:12.400Z,67,-40,,,,,,,',
      "2031-04-09T14:05:00.000Z,acknowledged,'=1+1,3,gate,,,changed-over,,,,,,,anna,,,,,,",
      '',
    ]);
  });

  it.each([
    ['site/cam 1', 'site/cam 1'],
    ['Tor 3 (Süd), "alt"', '"Tor 3 (Süd), ""alt"""'],
    ['カメラ', 'カメラ'],
    ['__proto__', '__proto__'],
    ['=cam', "'=cam"],
    ['＝cam', "'＝cam"],
    [' -cam', "' -cam"],
    ['cam; =1+1', "cam;' =1+1"],
    ['cam-1+2@a', 'cam-1+2@a'],
  ])('writes the camera %j as %s', async (camera, cell) => {
    const [, line] = await csvLines({ ...acknowledged, camera });
    expect(line).toBe(
      `2031-04-09T14:05:00.000Z,acknowledged,'=1+1,3,${cell},,,changed-over,,,,,,,anna,,,,,,`,
    );
  });

  it('has columns of its own for how an alarm comes and goes', async () => {
    const comesAndGoes = {
      phase: 'ends',
      since: '2031-04-09T14:03:12.000Z',
      until: '2031-04-09T14:05:00.000Z',
      turns: 19,
      stoodMs: 34_000,
    } as const;
    const [head, line] = await csvLines({
      kind: 'alarm',
      time: '2031-04-09T14:10:00.000Z',
      view: 'Wall',
      tile: 3,
      camera: 'gate',
      alarm: 'redundancy-restored',
      stream: 'main/sub',
      cause: null,
      comesAndGoes,
    });
    expect(head).toMatch(/,comesAndGoes,since,until,turns,stoodMs$/);
    expect(line).toMatch(/,ends,2031-04-09T14:03:12.000Z,2031-04-09T14:05:00.000Z,19,34000$/);
  });

  it('keeps each entry on one line, and nothing in it is a formula, whatever text it contains', async () => {
    const words = '\t=HYPERLINK("http://203.0.113.9")\r\n\u001b[2J\u0085\u2028of Main';
    const [, line, ...rest] = await csvLines({ ...change, words });
    expect(rest).toEqual(['']);
    expect(line).toMatch(/,,"' =HYPERLINK\(""http:\/\/203\.0\.113\.9""\) {3}\[2J {2}of Main",,,,,$/);
    expect(line).not.toMatch(/[\p{Cc}\p{Zl}]/u);
  });
});

describe('exportJournal', () => {
  const now = new Date('2031-04-09T15:00:00Z');

  it('writes JSON that is read back unchanged, in whatever portions it came', async () => {
    const into = path.join(folder, 'new');
    const parts = inParts([], [change], [], [acknowledged, change], []);
    const { file, lines } = await exportJournal(into, parts, { format: 'json', now });
    expect(path.basename(file)).toBe('holdfast-journal-20310409-150000.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual([change, acknowledged, change]);
    expect(lines).toBe(3);
    expect(JSON.parse(await exported([], 'json'))).toEqual([]);
    expect(await exported([change], 'json')).not.toContain('\uFEFF');
  });

  it('overwrites no file', async () => {
    const first = await exportJournal(folder, inParts([change]), { format: 'csv', now });
    const second = await exportJournal(folder, inParts(), { format: 'csv', now });
    expect(path.basename(second.file)).toBe('holdfast-journal-20310409-150000-2.csv');
    expect(await readFile(first.file, 'utf8')).toContain('refused');
  });

  it('says where it cannot write', async () => {
    const blocked = path.join(folder, 'blocked');
    await writeFile(blocked, '');
    await expect(exportJournal(blocked, inParts(), { format: 'csv', now })).rejects.toThrow(
      `The journal cannot be written into ${blocked}: `,
    );
  });

  it('leaves no partial file behind', async () => {
    async function* broken(): AsyncGenerator<readonly JournalEntry[]> {
      yield [change];
      throw new Error('the disk is gone');
    }
    await expect(exportJournal(folder, broken(), { format: 'csv', now })).rejects.toThrow(
      `The journal cannot be written into ${folder}: `,
    );
    expect(await readdir(folder)).toEqual([]);
  });
});
