import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileDeadline } from '../host/file-deadline.ts';
import { VirtualClock } from '../host/testing/virtual-clock.ts';
import { endOfSecondStart, refusalNotice } from './second-start.ts';

let folder = '';
let wall = '';
let other = '';
beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'holdfast-second-')));
  wall = path.join(folder, 'wall.json');
  other = path.join(folder, 'other.json');
  for (const file of [wall, other]) await writeFile(file, '{}');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const NOW = new Date(2026, 2, 4, 14, 3, 12);

describe('what a second start says', () => {
  test('one that names no configuration is content with the running window', async () => {
    for (const running of [{ kind: 'own', file: other } as const, null])
      expect(await endOfSecondStart({ configFile: null }, running)).toEqual({
        words: expect.stringContaining('already running: its window was brought to the front'),
        exitCode: 0,
      });
  });

  test('one that names the configuration in use as well, also by a link', async () => {
    const link = path.join(folder, 'link.json');
    await symlink(wall, link);
    for (const configFile of [wall, link])
      for (const kind of ['given', 'own'] as const)
        expect(await endOfSecondStart({ configFile }, { kind, file: wall })).toMatchObject({ exitCode: 0 });
  });

  test('one that names another fails, and says which was not opened and which is in use', async () => {
    const { words, exitCode } = await endOfSecondStart({ configFile: other }, { kind: 'given', file: wall });
    expect(exitCode).toBe(1);
    expect(words).toContain(`${other} was not opened`);
    expect(words).toContain(`already running, with ${wall}`);
  });

  test('also where the running one has its own configuration, or does not tell', async () => {
    for (const running of [{ kind: 'own', file: wall } as const, null])
      expect(await endOfSecondStart({ configFile: other }, running)).toMatchObject({
        words: expect.stringMatching(/other\.json was not opened: Holdfast is already running/),
        exitCode: 1,
      });
  });

  test('a file that is not there is another one', async () => {
    const configFile = path.join(folder, 'missing.json');
    expect(await endOfSecondStart({ configFile }, { kind: 'given', file: wall })).toMatchObject({
      exitCode: 1,
    });
  });
});

describe('on a share that does not answer', () => {
  /** Lets time go on as soon as somebody waits for the share. */
  function hanging() {
    const clock = new VirtualClock();
    let looks = 0;
    const realpath = (): Promise<string> => {
      looks += 1;
      queueMicrotask(() => clock.advance(2000));
      return new Promise(() => {});
    };
    return { realpath, deadline: new FileDeadline(clock), looks: () => looks };
  }

  test('both say what was not opened, by its name', async () => {
    expect(
      await endOfSecondStart({ configFile: '/share/b.json' }, { kind: 'given', file: wall }, hanging()),
    ).toMatchObject({ words: expect.stringContaining('/share/b.json was not opened'), exitCode: 1 });
    const share = hanging();
    for (let starts = 1; starts <= 3; starts += 1)
      expect(
        await refusalNotice({ configFile: '/share/b.json' }, { kind: 'given', file: wall }, NOW, share),
      ).toContain('with /share/b.json. That was not opened');
    expect(share.looks()).toBe(1);
  });

  test('the same name is the same file', async () => {
    const running = { kind: 'given', file: '/share/b.json' } as const;
    expect(await endOfSecondStart({ configFile: '/share/b.json' }, running, hanging())).toMatchObject({
      exitCode: 0,
    });
    expect(await refusalNotice({ configFile: '/share/b.json' }, running, NOW, hanging())).toBeNull();
  });
});

describe('what the running one says of it', () => {
  test('names the configuration that was not opened, and when', async () => {
    expect(await refusalNotice({ configFile: other }, { kind: 'given', file: wall }, NOW)).toBe(
      `At 14:03:12 Holdfast was started a second time, with ${other}. That was not opened: this window goes on with what it shows.`,
    );
  });

  test('says nothing where nothing was refused', async () => {
    for (const told of [{ configFile: null }, { configFile: wall }])
      expect(await refusalNotice(told, { kind: 'given', file: wall }, NOW)).toBeNull();
  });

  test.each([
    undefined,
    null,
    'x',
    {},
    { configFile: 7 },
    { configFile: '' },
    { configFile: 'x'.repeat(5000) },
  ])('what is no second start (%j) is passed over', async (told) => {
    expect(await refusalNotice(told, { kind: 'given', file: wall }, NOW)).toBeNull();
  });

  test('a name cannot begin a line of the log', async () => {
    const words = await refusalNotice({ configFile: '/x\nholdfast: y' }, { kind: 'given', file: wall }, NOW);
    expect(words).toContain('/x?holdfast: y');
  });
});
