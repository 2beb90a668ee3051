import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ConfigInUse, SecondStart } from '../app/second-start.ts';
import { addressOf, claimInstance, type Instance, type SocketPlaces } from './single-instance.ts';

/** The number of another user. */
const STRANGER = 65_534;
const isWindows = process.platform === 'win32';

let folder = '';
const instances: Instance[] = [];
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'holdfast-instance-')));
});
afterEach(async () => {
  for (const instance of instances.splice(0)) if (instance.kind === 'first') await instance.release();
  rmSync(folder, { recursive: true, force: true });
});

const inUse: ConfigInUse = { kind: 'given', file: '/etc/wall.json' };

async function claim(
  start: SecondStart = { configFile: null },
  onSecond: (second: SecondStart) => void = () => {},
  userData = folder,
): Promise<Instance> {
  const instance = await claimInstance({ userData, inUse, start, onSecond });
  instances.push(instance);
  return instance;
}

const places = (other: Partial<SocketPlaces> = {}): SocketPlaces => ({
  userData: folder,
  runtimeFolder: undefined,
  temporaryFolder: folder,
  ...other,
});

test('a second start learns the configuration of the first, and the first which one the second was given', async () => {
  const onSecond = vi.fn();
  expect((await claim({ configFile: null }, onSecond)).kind).toBe('first');
  expect(await claim({ configFile: '/etc/other.json' })).toEqual({ kind: 'second', running: inUse });
  await expect.poll(() => onSecond.mock.calls).toEqual([[{ configFile: '/etc/other.json' }]]);
});

test('after the first has ended, the next start is the first', async () => {
  const first = await claim();
  if (first.kind === 'first') await first.release();
  instances.length = 0;
  expect((await claim()).kind).toBe('first');
});

test.skipIf(isWindows)('a socket that a killed process left is no instance', async () => {
  const address = await addressOf(places());
  const script = `require('net').createServer().listen(${JSON.stringify(address)}, () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', script]);
  expect(existsSync(address)).toBe(true);
  expect((await claim()).kind).toBe('first');
});

test.skipIf(isWindows)('the same folder under another name has the same instance', async () => {
  const userData = path.join(folder, 'data');
  mkdirSync(userData, { mode: 0o700 });
  const link = path.join(folder, 'link');
  symlinkSync(userData, link);
  expect((await claim(undefined, undefined, userData)).kind).toBe('first');
  expect((await claim(undefined, undefined, link)).kind).toBe('second');
});

test('an unknown message starts nothing in the first instance', async () => {
  const onSecond = vi.fn();
  await claim({ configFile: null }, onSecond);
  for (const words of ['{"configFile":7}\n', 'x\n', `${'x'.repeat(40_000)}`]) {
    const socket = createConnection(await addressOf(places()));
    socket.on('error', () => {});
    socket.resume();
    socket.write(words);
    await new Promise((resolve) => socket.once('close', resolve));
  }
  expect(onSecond).not.toHaveBeenCalled();
  expect((await claim()).kind).toBe('second');
});

describe.skipIf(isWindows)('where the socket should be, a file', () => {
  test.skipIf(process.getuid?.() !== 0)(
    'of another user is no running Holdfast: the start fails, with a message',
    async () => {
      const address = await addressOf(places());
      const squatter = createServer();
      await new Promise<void>((resolve) => squatter.listen(address, resolve));
      chownSync(address, STRANGER, STRANGER);
      await expect(claim()).rejects.toThrow(
        `${address} is in the way: it belongs to another user (${STRANGER})`,
      );
      await new Promise((resolve) => squatter.close(resolve));
    },
  );

  test('that is no socket is neither taken for one nor removed', async () => {
    const address = await addressOf(places());
    writeFileSync(address, 'x');
    await expect(claim()).rejects.toThrow(`${address} is in the way: it is no socket`);
    expect(existsSync(address)).toBe(true);
  });
});

describe.skipIf(isWindows)('the place of the socket', () => {
  /** A folder so deep that no socket can be in it. */
  const deep = (): string => {
    const userData = path.join(folder, 'x'.repeat(120));
    mkdirSync(userData, { mode: 0o700 });
    return userData;
  };
  const runtime = (mode: number): string => {
    const runtimeFolder = path.join(folder, 'run');
    mkdirSync(runtimeFolder);
    chmodSync(runtimeFolder, mode);
    return runtimeFolder;
  };
  const own = (): string => path.join(folder, `holdfast-${process.getuid?.()}`);

  test('is the user data folder, if its name is short enough', async () => {
    expect(path.dirname(await addressOf(places({ runtimeFolder: runtime(0o700) })))).toBe(folder);
  });

  test('is otherwise the folder of the session, one for each user data folder', async () => {
    const runtimeFolder = runtime(0o700);
    const address = await addressOf(places({ userData: deep(), runtimeFolder }));
    expect(path.dirname(address)).toBe(runtimeFolder);
    expect(address.length).toBeLessThanOrEqual(100);
    const other = await addressOf(places({ userData: `${folder}/${'y'.repeat(120)}`, runtimeFolder }));
    expect(other).not.toBe(address);
  });

  test('is no folder that others can use', async () => {
    const runtimeFolder = runtime(0o777);
    expect(path.dirname(await addressOf(places({ userData: deep(), runtimeFolder })))).toBe(own());
    chmodSync(folder, 0o777);
    expect(path.dirname(await addressOf(places({ runtimeFolder })))).toBe(own());
  });

  test.skipIf(process.getuid?.() !== 0)('is no folder of another user', async () => {
    const runtimeFolder = runtime(0o700);
    chownSync(runtimeFolder, STRANGER, STRANGER);
    expect(path.dirname(await addressOf(places({ userData: deep(), runtimeFolder })))).toBe(own());
  });

  test.each<[string, () => void]>([
    [
      'open to others',
      () => {
        mkdirSync(own());
        chmodSync(own(), 0o777);
      },
    ],
    ['no folder', () => writeFileSync(own(), '')],
    ['a link', () => symlinkSync('/', own())],
  ])(
    'that is a folder of ours in the temporary one and is %s makes the start fail, with a message',
    async (_what, squat) => {
      squat();
      await expect(addressOf(places({ userData: deep() }))).rejects.toThrow(
        new RegExp(`${own()} .*Remove it, or set XDG_RUNTIME_DIR`),
      );
    },
  );
});

test('is a pipe on Windows, one for each user data folder', async () => {
  const pipe = await addressOf(places(), 'win32');
  expect(pipe).toMatch(/^\\\\\.\\pipe\\holdfast-[0-9a-f]{32}$/);
  expect(await addressOf(places({ userData: '/other' }), 'win32')).not.toBe(pipe);
});
