import { createHash } from 'node:crypto';
import { chmod, rm } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The longest address of a local socket that every system takes, in bytes. */
const LONGEST_ADDRESS = 100;

export type Instance =
  | { readonly kind: 'first'; readonly release: () => Promise<void> }
  /** The first was told, and shows its window. */
  | { readonly kind: 'second' };

/**
 * Sees to it that a user data folder has one Holdfast of this shell: two browsers cannot share a profile.
 *
 * @param userData the folder, absolute; it has to exist
 * @param onSecond told in the first instance when somebody starts another
 * @throws (as a rejection) when no local socket can be made
 */
export async function claimInstance(userData: string, onSecond: () => void): Promise<Instance> {
  const address = addressOf(userData, process.platform);
  if (await isAnswered(address)) return { kind: 'second' };
  // What a killed process left behind.
  if (process.platform !== 'win32') await rm(address, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end();
    onSecond();
  });
  await listen(server, address);
  if (process.platform !== 'win32') await chmod(address, 0o600);
  return {
    kind: 'first',
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

export function addressOf(userData: string, platform: NodeJS.Platform): string {
  const digest = createHash('sha256').update(userData).digest('hex').slice(0, 32);
  if (platform === 'win32') return `\\\\.\\pipe\\holdfast-${digest}`;
  const beside = path.join(userData, 'chromium-shell.sock');
  return Buffer.byteLength(beside) <= LONGEST_ADDRESS
    ? beside
    : path.join(tmpdir(), `holdfast-${digest}.sock`);
}

function isAnswered(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(address);
    socket.once('connect', () => {
      socket.end();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
