import { createHash } from 'node:crypto';
import { chmod, mkdir, realpath, rm } from 'node:fs/promises';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type ConfigInUse,
  configInUseSchema,
  type SecondStart,
  secondStartSchema,
} from '../app/second-start.ts';
import { codeOf } from '../host/file-problem.ts';
import { lookAt, objectionTo } from '../host/private-folder.ts';

/** The longest address of a local socket that every system accepts, in bytes. */
const LONGEST_ADDRESS = 100;
/** Limit of a message between two instances, in bytes: a path with each character escaped. */
const MAX_MESSAGE_BYTES = 32_768;
/** Time limit for the first instance's answer; it may be starting on a busy machine. Milliseconds. */
const ANSWER_TIMEOUT_MS = 5000;

export type Instance =
  | { readonly kind: 'first'; readonly release: () => Promise<void> }
  /**
   * The first instance has got the start, and shows its window. `running` is its configuration; `null` when it did not
   * say.
   */
  | { readonly kind: 'second'; readonly running: ConfigInUse | null };

export interface InstanceClaim {
  /** The user data folder, absolute; it has to exist. */
  readonly userData: string;
  /** The configuration of this instance, if it is the first. */
  readonly inUse: ConfigInUse;
  /** The message to the first instance, if there is one. */
  readonly start: SecondStart;
  /** Called in the first instance when somebody starts another. */
  readonly onSecond: (start: SecondStart) => void;
}

/** Folders that may contain the socket. */
export interface SocketPlaces {
  /** With links resolved. */
  readonly userData: string;
  /** `$XDG_RUNTIME_DIR`. */
  readonly runtimeFolder: string | undefined;
  /** The system's; everybody may write there. */
  readonly temporaryFolder: string;
}

/**
 * Ensures that a user data folder has one Holdfast of this shell: two browsers cannot share a profile.
 * @throws (as a rejection) with a message when no local socket can be made, or another user has one in its place
 */
export async function claimInstance(claim: InstanceClaim): Promise<Instance> {
  const address = await addressOf({
    userData: await realpath(claim.userData),
    runtimeFolder: process.env.XDG_RUNTIME_DIR,
    temporaryFolder: tmpdir(),
  });
  const isFile = process.platform !== 'win32';
  if (isFile) await refuseForeignSocket(address);
  const answer = await tell(address, claim.start);
  if (answer.kind === 'reached') return { kind: 'second', running: answer.running };
  // The socket of a killed process.
  if (isFile) await rm(address, { force: true });
  const server = createServer((socket) => serve(socket, claim));
  await listen(server, address);
  if (isFile) await chmod(address, 0o600);
  return {
    kind: 'first',
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/**
 * The socket is in the user data folder; in `$XDG_RUNTIME_DIR` where that folder's name is too long; else in a folder
 * of ours below the temporary one. Each of them is used only if nobody else can put a socket there.
 * Windows uses pipes instead of files. Their names are common to all users, and Node does not report the owner of a
 * pipe.
 * @throws (as a rejection) with a message when none can be used
 */
export async function addressOf(
  { userData, runtimeFolder, temporaryFolder }: SocketPlaces,
  platform: NodeJS.Platform = process.platform,
): Promise<string> {
  const digest = createHash('sha256').update(userData).digest('hex').slice(0, 32);
  if (platform === 'win32') return `\\\\.\\pipe\\holdfast-${digest}`;
  const candidates = [
    { folder: userData, file: 'chromium-shell.sock' },
    ...(runtimeFolder !== undefined && path.isAbsolute(runtimeFolder)
      ? [{ folder: runtimeFolder, file: `holdfast-${digest}.sock` }]
      : []),
  ];
  for (const { folder, file } of candidates) {
    const address = path.join(folder, file);
    if (Buffer.byteLength(address) <= LONGEST_ADDRESS && (await objectionTo(folder)) === null) return address;
  }
  const own = path.join(temporaryFolder, `holdfast-${process.getuid?.()}`);
  await mkdir(own, { mode: 0o700 }).catch(() => {});
  const objection = await objectionTo(own);
  if (objection !== null)
    throw new Error(
      `whether Holdfast is running already cannot be told safely: ${own} ${objection}. Remove it, or set XDG_RUNTIME_DIR to a folder that is yours alone.`,
    );
  return path.join(own, `${digest}.sock`);
}

/** @throws (as a rejection) when there is something that was not made by a Holdfast of this user */
async function refuseForeignSocket(address: string): Promise<void> {
  const found = await lookAt(address).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (found === null || (found.isSocket && found.uid === process.getuid?.())) return;
  throw new Error(
    `${address} is in the way: it ${found.isSocket ? `belongs to another user (${found.uid})` : 'is no socket'}, and so no running Holdfast of yours. Remove it.`,
  );
}

type Answer =
  | { readonly kind: 'reached'; readonly running: ConfigInUse | null }
  /** Nobody listens. */
  | { readonly kind: 'alone' };

/** Sends the start to the first instance, and asks for its configuration. */
function tell(address: string, start: SecondStart): Promise<Answer> {
  return new Promise((resolve) => {
    let reached = false;
    const socket = createConnection(address, () => {
      reached = true;
      socket.write(`${JSON.stringify(start)}\n`);
    });
    onLine(socket, (line) => resolve({ kind: 'reached', running: parsed(line, configInUseSchema) }));
    socket.on('close', () => resolve(reached ? { kind: 'reached', running: null } : { kind: 'alone' }));
  });
}

/** Answers a second instance. */
function serve(socket: Socket, { inUse, onSecond }: InstanceClaim): void {
  onLine(socket, (line) => {
    const start = parsed(line, secondStartSchema);
    socket.end(`${JSON.stringify(inUse)}\n`);
    if (start !== null) onSecond(start);
  });
}

/** Passes on the first line, and closes the connection when none comes in time or the line is too long. */
function onLine(socket: Socket, listener: (line: string) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy());
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    const text = chunk.includes('\n') ? Buffer.concat(chunks).toString('utf8') : null;
    if (text !== null) {
      socket.removeAllListeners('data').resume();
      listener(text.slice(0, text.indexOf('\n')));
    } else if (bytes > MAX_MESSAGE_BYTES) socket.destroy();
  });
}

function parsed<T>(line: string, schema: { safeParse(value: unknown): { data?: T | undefined } }): T | null {
  try {
    return schema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
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
