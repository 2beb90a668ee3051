import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FuseV1Options } from '@electron/fuses';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FUSES, setFuses } from './fuses.mjs';

/** The bytes before the wire in an executable, by which the wire is found. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** Version of the wire's format. */
const VERSION = 1;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-fuses-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** An executable with this number of fuses, all on. */
async function executable(fuses: number): Promise<string> {
  const file = path.join(folder, 'runtime');
  const wire = Buffer.from(
    [VERSION, fuses, ...'1'.repeat(fuses)].map((byte) => (byte === '1' ? 49 : Number(byte))),
  );
  await writeFile(file, Buffer.concat([Buffer.from(`before${SENTINEL}`), wire, Buffer.from('behind')]));
  return file;
}

const states = async (file: string): Promise<string> =>
  (await readFile(file, 'latin1')).slice(`before${SENTINEL}`.length + 2, -'behind'.length);

const NAMES = Object.keys(FUSES) as (keyof typeof FUSES)[];
const digits = (count: number): string =>
  NAMES.map((name) => [FuseV1Options[name], FUSES[name] ? '1' : '0'] as const)
    .sort(([one], [other]) => one - other)
    .slice(0, count)
    .map(([, digit]) => digit)
    .join('');

describe('fuses', () => {
  it('are all that are known', () => {
    const known = Object.keys(FuseV1Options).filter((name) => Number.isNaN(Number(name)));
    expect(NAMES.toSorted()).toEqual(known.toSorted());
  });

  it.each([8, 9])('are set in a runtime that has %i of them', async (count) => {
    const file = await executable(count);
    await setFuses(file);
    expect(await states(file)).toBe(digits(count));
  });

  it('are not set in a runtime that has one without a name', async () => {
    await expect(setFuses(await executable(10))).rejects.toThrow('a fuse at place 9');
  });
});
