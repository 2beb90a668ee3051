import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { FileDeadline } from '../host/file-deadline.ts';
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

describe('the message of a second start', () => {
  test('is that the window runs already, where no configuration was given', async () => {
    for (const running of [{ kind: 'own', file: other } as const, null])
      expect(await endOfSecondStart({ configFile: null }, running)).toEqual({
        words: expect.stringContaining('already running: its window was brought to the front'),
        exitCode: 0,
      });
  });

  test('is the same for the configuration in use, also through a link', async () => {
    const link = path.join(folder, 'link.json');
    await symlink(wall, link);
    for (const configFile of [wall, link])
      for (const kind of ['given', 'own'] as const)
        expect(await endOfSecondStart({ configFile }, { kind, file: wall })).toMatchObject({ exitCode: 0 });
  });

  test('is for another configuration an error with the names of both', async () => {
    const { words, exitCode } = await endOfSecondStart({ configFile: other }, { kind: 'given', file: wall });
    expect(exitCode).toBe(1);
    expect(words).toContain(`${other} was not opened`);
    expect(words).toContain(`already running, with ${wall}`);
  });

  test('is an error also where the running one has its own configuration, or does not answer', async () => {
    for (const running of [{ kind: 'own', file: wall } as const, null])
      expect(await endOfSecondStart({ configFile: other }, running)).toMatchObject({
        words: expect.stringMatching(/other\.json was not opened: Holdfast is already running/),
        exitCode: 1,
      });
  });

  test('takes a missing file for another one', async () => {
    const configFile = path.join(folder, 'missing.json');
    expect(await endOfSecondStart({ configFile }, { kind: 'given', file: wall })).toMatchObject({
      exitCode: 1,
    });
  });
});

describe('on a share that does not answer', () => {
  /** Advances the clock as soon as somebody waits for the share. */
  function hanging() {
    const clock = new VirtualClock();
    let looks = 0;
    const realpath = (): Promise<string> => {
      looks += 1;
      queueMicrotask(() => clock.tick(2000));
      return new Promise(() => {});
    };
    return { realpath, deadline: new FileDeadline(clock), looks: () => looks };
  }

  test('both starts name the file that was not opened', async () => {
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

  test('equal names are the same file', async () => {
    const running = { kind: 'given', file: '/share/b.json' } as const;
    expect(await endOfSecondStart({ configFile: '/share/b.json' }, running, hanging())).toMatchObject({
      exitCode: 0,
    });
    expect(await refusalNotice({ configFile: '/share/b.json' }, running, NOW, hanging())).toBeNull();
  });
});

describe('the notice in the running window', () => {
  test('names the configuration that was not opened, and the time', async () => {
    expect(await refusalNotice({ configFile: other }, { kind: 'given', file: wall }, NOW)).toBe(
      `At 14:03:12 Holdfast was started a second time, with ${other}. That was not opened: this window goes on with what it shows.`,
    );
  });

  test('does not exist where nothing was refused', async () => {
    for (const message of [{ configFile: null }, { configFile: wall }])
      expect(await refusalNotice(message, { kind: 'given', file: wall }, NOW)).toBeNull();
  });

  test.each([
    undefined,
    null,
    'x',
    {},
    { configFile: 7 },
    { configFile: '' },
    { configFile: 'x'.repeat(5000) },
  ])('does not exist for what is no second start (%j)', async (message) => {
    expect(await refusalNotice(message, { kind: 'given', file: wall }, NOW)).toBeNull();
  });

  test('contains no line break from a name', async () => {
    const words = await refusalNotice({ configFile: '/x\nholdfast: y' }, { kind: 'given', file: wall }, NOW);
    expect(words).toContain('/x?holdfast: y');
  });
});
